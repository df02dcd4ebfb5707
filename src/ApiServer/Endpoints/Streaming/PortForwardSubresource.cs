using System.Globalization;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary><c>pods/name/portforward</c>: joins the client with ports of a pod.</summary>
internal sealed class PortForwardSubresource(PodBackends pods, ConnectAdmission admission, UpgradeProxy proxy, BackendClient kubelets) : ISubresource
{
    public string Name => "portforward";

    public GroupVersionKind Kind { get; } = new("", "v1", "PodPortForwardOptions");

    public IReadOnlyList<string> Verbs => ["create", "get"];

    public bool Serves(ServedResource resource) => resource.Name is { Group: "", Resource: "pods" };

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        if (request.Info.Verb is not ("get" or "create"))
        {
            throw StatusException.MethodNotAllowed();
        }

        await admission.AdmitAsync(request, resource, Kind);
        var ports = request.Http.Request.Query["ports"].SelectMany(value => (value ?? "").Split(',')).Select(Port).ToList();
        var pod = await pods.FindPodAsync(request, resource);
        var query = ports.Count > 0 ? $"?port={string.Join(',', ports)}" : "";
        await proxy.JoinAsync(request, pods.FindKubelet(pod).Path($"/portForward/{request.Info.Namespace}/{request.Info.Name}{query}"), kubelets);
    }

    private static int Port(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var port)
        ? port
        : throw StatusException.BadRequest($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
}
