using System.Globalization;

using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>A node's kubelet, with the server's own credentials; another port of the node, without.</summary>
internal sealed class NodeTargets(PodBackends backends, BackendClient kubelets, BackendClient workloads) : IProxyTargets
{
    public string Resource => "nodes";

    public string OptionsKind => "NodeProxyOptions";

    public async Task<ProxyTarget> FindAsync(ApiRequest request, ServedResource resource)
    {
        var (scheme, name, port) = ProxyName.Parse(request.Info.Name, "node");
        var kubelet = backends.FindKubelet(name);
        var kubeletPort = kubelet.Port.ToString(CultureInfo.InvariantCulture);
        return port.Length == 0 || port == kubeletPort
            ? new ProxyTarget("https", kubelet.Host, kubeletPort, kubelets) { HearsHost = false }
            : new ProxyTarget(scheme, await ProxyableAddress.ResolveAsync(kubelet.Host, request.Cancellation), port, workloads);
    }
}
