using MiniKube.ApiServer.Admission;
using MiniKube.ApiServer.Endpoints.Streaming.Proxying;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>Puts together what joins clients with kubelets, pods and services, and owns the connections.</summary>
internal sealed class StreamingParts(ApiServerOptions options, TimeProvider clock) : IDisposable
{
    private readonly BackendClient _unverifiedKubelets = BackendClient.OfKubelets(options, verify: false);
    private readonly BackendClient _workloads = BackendClient.OfWorkloads();

    /// <summary>Talks to kubelets.</summary>
    public BackendClient Kubelets { get; } = BackendClient.OfKubelets(options);

    public IEnumerable<ISubresource> Subresources(
        GetEndpoint get, ResourceCatalog catalog, CacheReads reads, AdmissionChain admission, ServerLifetime lifetime)
    {
        var backends = new PodBackends(get, catalog);
        var connect = new ConnectAdmission(admission);
        var upgrades = new UpgradeProxy(lifetime);
        var objects = new ResourceReads(reads);
        IProxyTargets[] targets =
        [
            new NodeTargets(backends, Kubelets, _workloads),
            new PodTargets(objects, _workloads),
            new ServiceTargets(objects, catalog, _workloads, Random.Shared),
        ];
        return
        [
            new CommandSubresource("attach", "PodAttachOptions", backends, connect, upgrades, Kubelets),
            new CommandSubresource("exec", "PodExecOptions", backends, connect, upgrades, Kubelets),
            new LogSubresource(backends, Kubelets, _unverifiedKubelets, lifetime, clock),
            new PortForwardSubresource(backends, connect, upgrades, Kubelets),
            .. targets.Select(target => new ProxySubresource(target, connect, upgrades, lifetime)),
        ];
    }

    public void Dispose()
    {
        Kubelets.Dispose();
        _unverifiedKubelets.Dispose();
        _workloads.Dispose();
    }
}
