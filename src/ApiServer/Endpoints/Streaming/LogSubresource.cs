using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary><c>pods/name/log</c>: the text that a container wrote, from the kubelet of its node, passed on as it comes.</summary>
internal sealed class LogSubresource(GetEndpoint get, ResourceCatalog catalog, KubeletClient kubelets) : ISubresource
{
    private const int BufferSize = 32 * 1024;
    private const int LongestError = 64 * 1024;
    private static readonly string[] PassedOn = ["follow", "previous", "sinceSeconds", "sinceTime", "timestamps", "tailLines", "limitBytes", "stream"];

    public string Name => "log";

    public GroupVersionKind Kind { get; } = new("", "v1", "Pod");

    public IReadOnlyList<string> Verbs => ["get"];

    public bool Serves(ServedResource resource) => resource.Kind == Kind;

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        if (request.Info.Verb != "get")
        {
            throw StatusException.MethodNotAllowed();
        }

        var pod = ObjectCodec.Parse((await get.FindAsync(request, resource)).Json.Span);
        var container = ChooseContainer(request, pod);
        var node = pod.StringAt("spec", "nodeName") is { Length: > 0 } name
            ? name
            : throw StatusException.BadRequest($"pod {request.Info.Name} does not have a host assigned");
        var nodes = catalog.Get("", "v1", "nodes");
        var address = nodes.Cacher.Snapshot.Objects.Find(node) is { } found && KubeletAddress.Of(ObjectCodec.Parse(found.Json.Span)) is { } known
            ? known
            : throw StatusException.NotFound(nodes.Name, node);
        await PassOnAsync(request, address.Path($"/containerLogs/{request.Info.Namespace}/{request.Info.Name}/{Uri.EscapeDataString(container)}{Query(request)}"));
    }

    private static string ChooseContainer(ApiRequest request, JsonObject pod)
    {
        var names = pod.ObjectsAt("spec", "containers").Select(container => container.StringAt("name") ?? "").ToList();
        var all = pod.ObjectsAt("spec", "initContainers")
            .Concat(pod.ObjectsAt("spec", "ephemeralContainers"))
            .Select(container => container.StringAt("name") ?? "")
            .Concat(names);
        var wanted = request.Http.Request.Query["container"].ToString();
        if (wanted.Length == 0)
        {
            return names is [var only]
                ? only
                : throw StatusException.BadRequest(
                    $"a container name must be specified for pod {request.Info.Name}, choose one of: [{string.Join(' ', names)}]");
        }

        return all.Contains(wanted)
            ? wanted
            : throw StatusException.BadRequest($"container {wanted} is not valid for pod {request.Info.Name}");
    }

    private static string Query(ApiRequest request)
    {
        var query = request.Http.Request.Query;
        var parts = PassedOn
            .Where(query.ContainsKey)
            .Select(name => $"{name}={Uri.EscapeDataString(query[name].ToString())}");
        return string.Join('&', parts) is { Length: > 0 } text ? $"?{text}" : "";
    }

    private async Task PassOnAsync(ApiRequest request, Uri address)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await kubelets.GetAsync(address, request.Cancellation);
        }
        catch (HttpRequestException error)
        {
            throw StatusException.InternalError($"Get \"{address}\": {error.Message}");
        }

        using (answer)
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(request.Cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw await RefusalAsync((int)answer.StatusCode, stream, request.Cancellation);
            }

            var response = request.Http.Response;
            response.ContentType = "text/plain";
            var buffer = new byte[BufferSize];
            await response.StartAsync(request.Cancellation);
            while (await stream.ReadAsync(buffer, request.Cancellation) is > 0 and var length)
            {
                await response.Body.WriteAsync(buffer.AsMemory(0, length), request.Cancellation);
                await response.Body.FlushAsync(request.Cancellation);
            }
        }
    }

    private static async Task<StatusException> RefusalAsync(int code, Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestError];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = System.Text.Encoding.UTF8.GetString(buffer, 0, length).Trim();
        return code switch
        {
            400 => StatusException.BadRequest(text),
            404 => new StatusException(new V1Status { ApiVersion = "v1", Kind = "Status", Metadata = new(), Status = "Failure", Reason = "NotFound", Message = text, Code = 404 }),
            _ => StatusException.InternalError($"the kubelet answered {code}: {text}"),
        };
    }
}
