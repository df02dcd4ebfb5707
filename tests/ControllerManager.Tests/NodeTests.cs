using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.ControllerManager.Nodes;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Tests;

public sealed class NodeTests
{
    [Fact]
    public async Task NewNodes_GetDifferentPartsOfTheClusterCidr()
    {
        await using var cluster = await TestCluster.StartAsync(
            "--leader-elect=false", "--allocate-node-cidrs", "--cluster-cidr", "10.244.0.0/16");
        await cluster.CreateAsync(Node("a"));
        await cluster.CreateAsync(Node("b"));

        var nodes = await cluster.EventuallyAsync<V1Node>(nodes => nodes.Count == 2 && nodes.All(node => node.Spec?.PodCIDR is not null), "");

        Assert.Equal(["10.244.0.0/24", "10.244.1.0/24"], nodes.Select(node => node.Spec.PodCIDR).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SilentNode_BecomesUnknownAndTainted_AndItsPodsNotReady()
    {
        await using var cluster = await TestCluster.StartAsync(
            "--leader-elect=false", "--node-monitor-period", "100ms", "--node-monitor-grace-period", "1s");
        await CreateReadyAsync(cluster, "a");
        // Were all nodes silent, none would be emptied.
        await CreateReadyAsync(cluster, "b", new Dictionary<string, string> { ["topology.kubernetes.io/zone"] = "other" });
        await using var beats = new Heartbeats(cluster, "b");
        await cluster.CreateAsync(Pod("brief", 1));
        await cluster.CreateAsync(Pod("patient", 300));
        await cluster.RunPodsAsync();

        var found = await cluster.EventuallyAsync<V1Node>("a", found => NodeHealth.ReadyOf(found!)?.Status == "Unknown" && found!.Spec?.Taints?.Count == 2, "");

        Assert.Equal("Kubelet stopped posting node status.", NodeHealth.ReadyOf(found!)?.Message);
        Assert.Equal(["NoExecute", "NoSchedule"], found!.Spec.Taints.Select(taint => taint.Effect).Order(StringComparer.Ordinal));
        await cluster.EventuallyAsync<V1Pod>("patient", pod => pod?.Condition("Ready")?.Status == "False");
        // Tolerated for a second, the other for five minutes.
        await cluster.EventuallyAsync<V1Pod>(pods => pods is [{ Metadata: { Name: "patient", DeletionTimestamp: null } }]);
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e => e.Message == "Node a status is now: NodeNotReady"));
    }

    [Fact]
    public async Task OnlyNode_Silent_IsTainted_ButKeepsItsPods()
    {
        await using var cluster = await TestCluster.StartAsync(
            "--leader-elect=false", "--node-monitor-period", "100ms", "--node-monitor-grace-period", "1s");
        await CreateReadyAsync(cluster, "a");
        await cluster.CreateAsync(Pod("brief", 0));
        await cluster.RunPodsAsync();

        await cluster.EventuallyAsync<V1Pod>("brief", pod => pod?.Condition("Ready")?.Status == "False");

        var node = await cluster.EventuallyAsync<V1Node>("a", found => found?.Spec?.Taints?.Count > 0, "");
        Assert.Equal([(NodeTaints.Unreachable, "NoSchedule")], node!.Spec.Taints.Select(taint => (taint.Key, taint.Effect)));
    }

    [Fact]
    public async Task CordonedNode_IsTainted_UntilItIsUncordoned()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Node("a"));

        await cluster.PatchAsync<V1Node>("a", new { spec = new { unschedulable = true } }, ns: "");
        await cluster.EventuallyAsync<V1Node>("a", node => node?.Spec?.Taints is [{ Key: "node.kubernetes.io/unschedulable", Effect: "NoSchedule" }], "");

        await cluster.PatchAsync<V1Node>("a", new { spec = new { unschedulable = false } }, ns: "");
        await cluster.EventuallyAsync<V1Node>("a", node => node?.Spec?.Taints is null or [], "");
    }

    private static V1Pod Pod(string name, int tolerationSeconds) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = Objects.Meta(name),
        Spec = Objects.Template("web").Spec with
        {
            NodeName = "a",
            Tolerations = [new V1Toleration { Key = NodeTaints.Unreachable, OperatorProperty = "Exists", Effect = "NoExecute", TolerationSeconds = tolerationSeconds }],
        },
    };

    private static V1Node Node(string name, IDictionary<string, string>? labels = null) =>
        new() { ApiVersion = "v1", Kind = "Node", Metadata = new V1ObjectMeta { Name = name, Labels = labels } };

    private static async Task CreateReadyAsync(TestCluster cluster, string name, IDictionary<string, string>? labels = null)
    {
        await cluster.CreateAsync(Node(name, labels));
        await SayReadyAsync(cluster, name);
    }

    private static Task SayReadyAsync(TestCluster cluster, string name) => cluster.PatchAsync<V1Node>(
        name, new { status = new { conditions = new[] { new { type = "Ready", status = "True", lastHeartbeatTime = TimeProvider.System.GetKubernetesNow() } } } }, "status", "");

    /// <summary>Says that a node is well and renews its lease, as its kubelet would, until disposed. On a busy machine it may come late: then it says so anew.</summary>
    private sealed class Heartbeats : IAsyncDisposable
    {
        private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

        private readonly CancellationTokenSource _stop = new();
        private readonly Task _renewing;

        public Heartbeats(TestCluster cluster, string node) => _renewing = Task.Run(() => RenewAsync(cluster, node, _stop.Token), CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _renewing);
            _stop.Dispose();
        }

        private static async Task RenewAsync(TestCluster cluster, string node, CancellationToken cancellationToken)
        {
            var lease = await cluster.CreateAsync(new V1Lease
            {
                ApiVersion = "coordination.k8s.io/v1",
                Kind = "Lease",
                Metadata = Objects.Meta(node, "kube-node-lease"),
                Spec = new V1LeaseSpec { HolderIdentity = node, LeaseDurationSeconds = 40 },
            });
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                lease = await cluster.Client.UpdateAsync(lease with { Spec = lease.Spec with { RenewTime = TimeProvider.System.GetUtcNow().UtcDateTime } }, cancellationToken);
                await SayReadyAsync(cluster, node);
                await Task.Delay(Period, TimeProvider.System, cancellationToken);
            }
        }
    }
}
