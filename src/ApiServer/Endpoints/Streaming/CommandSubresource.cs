using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary><c>pods/name/exec</c> and <c>pods/name/attach</c>: joins the client with a process in a container.</summary>
internal sealed class CommandSubresource(string name, string options, PodBackends pods, ConnectAdmission admission, UpgradeProxy proxy, BackendClient kubelets) : ISubresource
{
    // The API's names of what is joined, and the kubelet's.
    private static readonly (string Api, string Kubelet)[] Streams = [("stdin", "input"), ("stdout", "output"), ("stderr", "error"), ("tty", "tty")];

    public string Name { get; } = name;

    public GroupVersionKind Kind { get; } = new("", "v1", options);

    public IReadOnlyList<string> Verbs => ["create", "get"];

    public bool Serves(ServedResource resource) => resource.Name is { Group: "", Resource: "pods" };

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        if (request.Info.Verb is not ("get" or "create"))
        {
            throw StatusException.MethodNotAllowed();
        }

        await admission.AdmitAsync(request, resource, Kind);
        var (info, query) = (request.Info, request.Http.Request.Query);
        var pod = await pods.FindPodAsync(request, resource);
        var container = PodBackends.ChooseContainer(pod, query["container"].ToString());
        var path = $"/{Name}/{info.Namespace}/{info.Name}/{Uri.EscapeDataString(container)}?{string.Join('&', Parameters(query))}";
        await proxy.JoinAsync(request, pods.FindKubelet(pod).Path(path), kubelets);
    }

    private static IEnumerable<string> Parameters(IQueryCollection query) => Streams
        .Where(stream => QueryBoolean.Read(query, stream.Api))
        .Select(stream => $"{stream.Kubelet}=1")
        .Concat(query["command"].Select(word => $"command={Uri.EscapeDataString(word ?? "")}"));
}
