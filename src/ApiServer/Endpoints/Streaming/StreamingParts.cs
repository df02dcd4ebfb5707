using MiniKube.ApiServer.Admission;
using MiniKube.ApiServer.Endpoints.Streaming.Proxying;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>Puts together what joins clients with kubelets, pods and services, and owns the connections.</summary>
internal sealed class StreamingParts(ApiServerOptions options) : IDisposable
{
    private readonly BackendClient _kubelets = BackendClient.OfKubelets(options);
    private readonly BackendClient _unverifiedKubelets = BackendClient.OfKubelets(options, verify: false);
    private readonly BackendClient _workloads = BackendClient.OfWorkloads();

    public IEnumerable<ISubresource> Subresources(
        GetEndpoint get, ResourceCatalog catalog, CacheReads reads, AdmissionChain admission, ServerLifetime lifetime)
    {
        var backends = new PodBackends(get, catalog);
        var connect = new ConnectAdmission(admission);
        var upgrades = new UpgradeProxy(lifetime);
        var objects = new ResourceReads(reads);
        IProxyTargets[] targets =
        [
            new NodeTargets(backends, _kubelets, _workloads),
            new PodTargets(objects, _workloads),
            new ServiceTargets(objects, catalog, _workloads, Random.Shared),
        ];
        return
        [
            new CommandSubresource("attach", "PodAttachOptions", backends, connect, upgrades, _kubelets),
            new CommandSubresource("exec", "PodExecOptions", backends, connect, upgrades, _kubelets),
            new LogSubresource(backends, _kubelets, _unverifiedKubelets, lifetime),
            new PortForwardSubresource(backends, connect, upgrades, _kubelets),
            .. targets.Select(target => new ProxySubresource(target, connect, upgrades, lifetime)),
        ];
    }

    public void Dispose()
    {
        _kubelets.Dispose();
        _unverifiedKubelets.Dispose();
        _workloads.Dispose();
    }
}
