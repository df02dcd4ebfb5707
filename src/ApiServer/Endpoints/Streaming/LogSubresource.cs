using System.Text;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary><c>pods/name/log</c>: the text that a container wrote, from the kubelet of its node, passed on as it comes.</summary>
internal sealed class LogSubresource(PodBackends pods, BackendClient kubelets, BackendClient unverifiedKubelets, ServerLifetime lifetime, TimeProvider clock) : ISubresource
{
    private const int LongestError = 64 * 1024;

    public string Name => "log";

    public GroupVersionKind Kind { get; } = new("", "v1", "Pod");

    public IReadOnlyList<string> Verbs => ["get"];

    public bool Serves(ServedResource resource) => resource.Kind == Kind;

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var info = request.Info;
        if (info.Verb != "get")
        {
            throw StatusException.MethodNotAllowed();
        }

        var query = new LogQuery(request.Http.Request.Query);
        query.Validate(info.Name);
        var pod = await pods.FindPodAsync(request, resource);
        var container = PodBackends.ChooseContainer(pod, request.Http.Request.Query["container"].ToString());
        var address = pods.FindKubelet(pod).Path($"/containerLogs/{info.Namespace}/{info.Name}/{Uri.EscapeDataString(container)}{query}");

        // A log that is followed ends with the server, like a watch.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, lifetime.Draining);
        await PassOnAsync(request, resource, address, query.SkipsVerification ? unverifiedKubelets : kubelets, stop.Token);
    }

    private async Task PassOnAsync(ApiRequest request, ServedResource resource, Uri address, BackendClient client, CancellationToken cancellationToken)
    {
        BackendAnswer.LiftLimits(request.Http);
        using var answer = await AskAsync(address, client, cancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        if (BackendAnswer.IsRedirect(answer))
        {
            throw BackendClient.Redirected();
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusalAsync(request, resource, (int)answer.StatusCode, body, cancellationToken);
        }

        Answer.AddWarnings(request);
        try
        {
            if (WebSocketUpgrade.IsAsked(request.Http.Request))
            {
                await LogSocket.SendAsync(request.Http, body, clock, cancellationToken);
                return;
            }

            request.Http.Response.ContentType = "text/plain";
            await BackendAnswer.CopyBodyAsync(body, request.Http.Response, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException && !request.Cancellation.IsCancellationRequested)
        {
            // The server drains: the log ends here, and the client may ask another server for the rest.
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(Uri address, BackendClient client, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, address);
        try
        {
            return await client.SendAsync(message, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw BackendClient.Failure(StatusCodes.Status500InternalServerError, $"Get \"{address}\": {BackendClient.Describe(address, error)}");
        }
    }

    // Upstream's GenericHttpResponseChecker.
    private static async Task<StatusException> RefusalAsync(
        ApiRequest request, ServedResource resource, int code, Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestError];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.UTF8.GetString(buffer, 0, length).Trim();
        var (reason, message) = code switch
        {
            StatusCodes.Status404NotFound => ("NotFound", "the server could not find the requested resource"),
            StatusCodes.Status401Unauthorized => ("Unauthorized", "the server has asked for the client to provide credentials"),
            StatusCodes.Status403Forbidden => ("Forbidden", text),
            _ => ("", $"the server responded with the status code {code} but did not return more information"),
        };
        return code switch
        {
            StatusCodes.Status400BadRequest => StatusException.BadRequest(text),
            StatusCodes.Status500InternalServerError => StatusException.InternalError(text),
            _ => new StatusException(new V1Status
            {
                Metadata = new V1ListMeta(),
                Status = "Failure",
                Reason = reason,
                Message = $"{message} ( {resource.Name.Resource}/log {request.Info.Name})",
                Details = new V1StatusDetails { Name = request.Info.Name, Kind = $"{resource.Name.Resource}/log" },
                Code = code,
            }),
        };
    }
}
