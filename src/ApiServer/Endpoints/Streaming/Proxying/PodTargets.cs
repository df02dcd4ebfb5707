using System.Globalization;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>A pod's own address, at the port that is named, or at the first that its containers declare.</summary>
internal sealed class PodTargets(ResourceReads reads, BackendClient workloads) : IProxyTargets
{
    public string Resource => "pods";

    public string OptionsKind => "PodProxyOptions";

    public async Task<ProxyTarget> FindAsync(ApiRequest request, ServedResource resource)
    {
        var (scheme, name, port) = ProxyName.Parse(request.Info.Name, "pod");
        var pod = await reads.FindAsync(request, resource, name) ?? throw StatusException.NotFound(resource.Name, name);
        if (port.Length == 0)
        {
            var declared = pod.ObjectsAt("spec", "containers").SelectMany(container => container.ObjectsAt("ports")).FirstOrDefault();
            port = declared?.IntegerAt("containerPort")?.ToString(CultureInfo.InvariantCulture) ?? "";
        }

        return new ProxyTarget(scheme, ProxyableAddress.Check(pod.StringAt("status", "podIP") ?? ""), port, workloads);
    }
}
