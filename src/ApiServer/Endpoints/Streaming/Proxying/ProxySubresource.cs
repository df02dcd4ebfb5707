using System.IO.Compression;

using Microsoft.AspNetCore.Http.Features;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary><c>…/proxy/path</c> of pods, services and nodes: passes any request on, upgrades included, and makes the answer's links lead back through here.</summary>
internal sealed class ProxySubresource(IProxyTargets targets, ConnectAdmission admission, UpgradeProxy upgrades, ServerLifetime lifetime) : ISubresource
{
    private static readonly string[] CrossOriginHeaders =
        ["Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Allow-Origin"];

    public string Name => "proxy";

    public GroupVersionKind Kind { get; } = new("", "v1", targets.OptionsKind);

    public IReadOnlyList<string> Verbs => ["create", "delete", "get", "patch", "update"];

    public bool Serves(ServedResource resource) => resource.Name is { Group: "" } name && name.Resource == targets.Resource;

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var context = request.Http;
        await admission.AdmitAsync(request, resource, Kind);
        var target = await targets.FindAsync(request, resource);
        var path = PathOf(request);
        if (BackendRequest.IsUpgrade(context.Request))
        {
            await upgrades.JoinAsync(request, target.Address(path.Rest + path.Query), target.Client);
        }
        else if (path.Rest.Length == 0 && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            // Relative links of a page at the root are right only below it.
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            context.Response.Headers.Location = $"{path.Prefix}/{path.Query}";
        }
        else
        {
            await PassOnAsync(request, target, path);
        }
    }

    private static ProxyPath PathOf(ApiRequest request)
    {
        var raw = request.Http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var target = raw.StartsWith('/') ? raw : $"{request.Http.Request.Path}{request.Http.Request.QueryString}";

        // api, v1, [namespaces, the namespace,] the resource, the name, proxy
        return ProxyPath.Parse(target, request.Info.Namespace.Length > 0 ? 7 : 5);
    }

    private async Task PassOnAsync(ApiRequest request, ProxyTarget target, ProxyPath path)
    {
        var context = request.Http;
        BackendAnswer.LiftLimits(context);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, lifetime.Draining);
        var address = target.Address(path.Rest + path.Query);
        using var message = BackendRequest.Create(context, address);
        message.Headers.Host = target.HearsHost ? context.Request.Host.Value : null;
        message.Headers.Remove("X-Forwarded-Uri");
        message.Headers.TryAddWithoutValidation("X-Forwarded-Uri", path.Prefix + path.Rest);
        using var answer = await AskAsync(message, address, target.Client, stop.Token);
        BackendAnswer.CopyHead(answer, context.Response);
        foreach (var header in CrossOriginHeaders)
        {
            context.Response.Headers.Remove(header);
        }

        var links = new ProxyLinks(path.Prefix, address.Authority, context.Request.Host.Value ?? "");
        if (answer.Headers.Location is { } location)
        {
            context.Response.Headers.Location = links.Rewrite(location.OriginalString);
        }

        await using var body = await answer.Content.ReadAsStreamAsync(stop.Token);
        if (answer.Headers.Location is null && IsPage(context, answer))
        {
            await CopyPageAsync(answer, body, context.Response, links, stop.Token);
        }
        else
        {
            await BackendAnswer.CopyBodyAsync(body, context.Response, stop.Token);
        }
    }

    private static bool IsPage(HttpContext context, HttpResponseMessage answer) =>
        !HttpMethods.IsHead(context.Request.Method)
        && answer.Content.Headers.ContentType?.MediaType == "text/html"
        && string.Join(',', answer.Content.Headers.ContentEncoding) is "" or "gzip" or "deflate";

    // Its length changes with its links, and it goes out unpacked.
    private static async Task CopyPageAsync(HttpResponseMessage answer, Stream body, HttpResponse response, ProxyLinks links, CancellationToken cancellationToken)
    {
        await using var page = answer.Content.Headers.ContentEncoding.FirstOrDefault() switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "deflate" => new DeflateStream(body, CompressionMode.Decompress),
            _ => body,
        };
        response.ContentLength = null;
        response.Headers.Remove("Content-Encoding");
        await new HtmlLinks(links).CopyAsync(page, response.Body, cancellationToken);
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpRequestMessage message, Uri address, BackendClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(message, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw StatusException.ServiceUnavailable($"error trying to reach service: {BackendClient.Describe(address, error)}");
        }
    }
}
