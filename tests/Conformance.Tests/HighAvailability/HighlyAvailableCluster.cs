using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests.HighAvailability;

/// <summary>Two masters, three members of etcd, a load balancer and two nodes, with three pods that must outlive whatever happens to the rest.</summary>
[CollectionDefinition(Collection)]
public sealed class HighlyAvailableCluster() : ClusterFixture("conformance-ha", "--masters", "2", "--etcd", "3", "--nodes", "2", "--fast-failover"), ICollectionFixture<HighlyAvailableCluster>
{
    public const string Collection = "highly available";

    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(90);

    private TestNamespace? _steady;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The namespace of the pods. Waits until the whole cluster is well and they all run.</summary>
    public async Task<TestNamespace> GetSteadyAsync()
    {
        await WaitUntilWellAsync();
        var kubectl = Kubectl(Versions.Newest);
        if (_steady is null)
        {
            _steady = await CreateNamespaceAsync("steady");
            await kubectl.RunAsync("create", "-n", _steady.Name, "-f", "manifests/hello/service.yaml", "-f", "manifests/hello/rc.yaml");
        }

        await kubectl.WaitForValueAsync("3", ".status.readyReplicas", "rc", "hello", "-n", _steady.Name);
        // A test before may have asked for one more, which is on its way out.
        await kubectl.WaitForAsync(names => names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 3, "get", "pods", "-n", _steady.Name, "-o", "name");
        return _steady;
    }

    /// <summary>Waits until <c>mk status</c> finds nothing to complain of.</summary>
    public Task WaitUntilWellAsync() => Eventually.GetAsync(_ => MkAsync("status"), status => status.ExitCode == 0, Recovery, Cancellation);

    /// <summary>The host whose scheduler, or controller manager, leads.</summary>
    public async Task<string> LeaderAsync(string lease)
    {
        var result = await Kubectl(Versions.Newest).TryAsync("get", "lease", lease, "-n", "kube-system", "-o", "jsonpath={.spec.holderIdentity}", "--request-timeout=3s");
        return result.ExitCode == 0 ? result.Output.Split('_')[0] : "";
    }

    /// <summary>The addresses behind the <c>kubernetes</c> service; empty when nobody answers.</summary>
    public async Task<string> EndpointsAsync()
    {
        var result = await Kubectl(Versions.Newest).TryAsync("get", "endpoints", "kubernetes", "-o", "jsonpath={.subsets[*].addresses[*].ip}", "--request-timeout=3s");
        return result.ExitCode == 0 ? result.Output : "";
    }
}
