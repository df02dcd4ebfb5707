using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>Finds the pod that a request names, its container and the kubelet that runs it, with upstream's refusals.</summary>
internal sealed class PodBackends(GetEndpoint get, ResourceCatalog catalog)
{
    public async Task<JsonObject> FindPodAsync(ApiRequest request, ServedResource resource) =>
        ObjectCodec.Parse((await get.FindAsync(request, resource)).Json.Span);

    /// <summary>The container that is asked for, or the only one.</summary>
    public static string ChooseContainer(JsonObject pod, string wanted)
    {
        var name = pod.StringAt("metadata", "name");
        var (containers, initContainers) = (Names(pod, "containers"), Names(pod, "initContainers"));
        if (wanted.Length > 0)
        {
            return containers.Concat(initContainers).Concat(Names(pod, "ephemeralContainers")).Contains(wanted)
                ? wanted
                : throw StatusException.BadRequest($"container {wanted} is not valid for pod {name}");
        }

        if (containers is [var only])
        {
            return only;
        }

        var others = initContainers.Count > 0 ? $" or one of the init containers: [{string.Join(' ', initContainers)}]" : "";
        throw StatusException.BadRequest($"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', containers)}]{others}");
    }

    /// <summary>The kubelet of the pod's node.</summary>
    public KubeletAddress FindKubelet(JsonObject pod) => pod.StringAt("spec", "nodeName") is { Length: > 0 } node
        ? FindKubelet(node)
        : throw StatusException.BadRequest($"pod {pod.StringAt("metadata", "name")} does not have a host assigned");

    public KubeletAddress FindKubelet(string node)
    {
        var nodes = catalog.Get("", "v1", "nodes");
        var found = nodes.Cacher.Snapshot.Objects.Find(node) ?? throw StatusException.NotFound(nodes.Name, node);
        return KubeletAddress.Of(ObjectCodec.Parse(found.Json.Span))
            ?? throw BackendClient.Failure(StatusCodes.Status500InternalServerError, "no preferred addresses found; known addresses: []");
    }

    private static List<string> Names(JsonObject pod, string field) => [.. pod.ObjectsAt("spec", field).Select(container => container.StringAt("name") ?? "")];
}
