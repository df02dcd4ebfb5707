using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Nodes;

/// <summary>Marks a node that has been silent as Unknown, its pods as not ready, and taints nodes by their conditions.</summary>
internal sealed class NodeLifecycleController(
    IObjectClient client,
    ILister<V1Node> nodes,
    ILister<V1Pod> pods,
    ILister<V1Lease> leases,
    IEventRecorders recorders,
    ControllerManagerOptions options,
    TimeProvider clock) : IController
{
    private const string LeaseNamespace = "kube-node-lease";

    private static readonly string[] ReportedByKubelet = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

    private readonly NodeHealth _health = new(clock);
    private readonly EvictionLimiter _evictions = new(clock);
    private readonly IEventRecorder _events = recorders.For("node-controller");

    public string Name => "node-lifecycle-controller";

    public int Workers => 8;

    public void Configure(ControllerBuilder controller) => controller.For<V1Node>().Reads<V1Pod>().Reads<V1Lease>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!nodes.TryGet(key, out var node))
        {
            _health.Forget(nodes.List());
            _evictions.Forget(nodes.List());
            return ReconcileResult.Done;
        }

        leases.TryGet(new NamespacedName(LeaseNamespace, key.Name), out var lease);
        var silence = _health.Silence(node, lease);
        var grace = NodeHealth.ReadyOf(node) is null ? options.NodeStartupGracePeriod : options.NodeMonitorGracePeriod;
        if (silence > grace)
        {
            node = await MarkUnknownAsync(node, cancellationToken);
        }

        await TaintAsync(node, cancellationToken);
        if (NodeHealth.ReadyOf(node) is not { Status: "True" })
        {
            await MarkPodsNotReadyAsync(node, cancellationToken);
        }

        // Silence causes no event.
        return new ReconcileResult(options.NodeMonitorPeriod);
    }

    private async Task<V1Node> MarkUnknownAsync(V1Node node, CancellationToken cancellationToken)
    {
        var now = clock.GetKubernetesNow();
        var conditions = (node.Status?.Conditions ?? []).ToList();
        if (ReportedByKubelet.All(type => conditions.Any(condition => condition.Type == type && condition.Status == "Unknown")))
        {
            return node;
        }

        var changed = conditions.Where(condition => !ReportedByKubelet.Contains(condition.Type))
            .Concat(ReportedByKubelet.Select(type => Unknown(type, conditions.Find(condition => condition.Type == type), node, now)));
        var updated = await client.UpdateStatusAsync(
            node with { Status = (node.Status ?? new V1NodeStatus()) with { Conditions = [.. changed] } }, cancellationToken);
        _events.Record(node, "Normal", "NodeNotReady", $"Node {node.Metadata?.Name} status is now: NodeNotReady");
        return updated;
    }

    private static V1NodeCondition Unknown(string type, V1NodeCondition? current, V1Node node, DateTime now) => current switch
    {
        { Status: "Unknown" } => current,
        null => new V1NodeCondition
        {
            Type = type,
            Status = "Unknown",
            Reason = "NodeStatusNeverUpdated",
            Message = "Kubelet never posted node status.",
            LastHeartbeatTime = node.Metadata?.CreationTimestamp,
            LastTransitionTime = now,
        },
        _ => current with
        {
            Status = "Unknown",
            Reason = "NodeStatusUnknown",
            Message = "Kubelet stopped posting node status.",
            LastTransitionTime = now,
        },
    };

    private async Task TaintAsync(V1Node node, CancellationToken cancellationToken)
    {
        if (NodeTaints.Change(node, MayEvict(node), clock.GetKubernetesNow()) is not { } taints)
        {
            return;
        }

        // The version: a list is written whole, and a taint that somebody added since must not be lost.
        // A dictionary: the null that removes the list must be written.
        var spec = new Dictionary<string, object?> { ["taints"] = taints.Count == 0 ? null : taints };
        var patch = new { metadata = new { resourceVersion = node.Metadata?.ResourceVersion }, spec };
        await client.PatchAsync<V1Node>(node.Key(), new V1Patch(patch, V1Patch.PatchType.MergePatch), null, cancellationToken);
    }

    private bool MayEvict(V1Node node)
    {
        if (NodeHealth.ReadyOf(node) is { Status: "True" })
        {
            _evictions.Withdraw(node);
            return false;
        }

        // The cache may not show yet what has just been found out about this one.
        var zones = new NodeZones(nodes.List().Where(other => other.Metadata?.Name != node.Metadata?.Name).Append(node), options);
        if (zones.AreAllDown)
        {
            _evictions.Withdraw(node);
            return false;
        }

        return NodeTaints.Evicts(node) || _evictions.Allows(node, zones.RateOf(node));
    }

    // So that services stop sending there, long before the pods are evicted.
    private async Task MarkPodsNotReadyAsync(V1Node node, CancellationToken cancellationToken)
    {
        foreach (var pod in pods.List().Where(pod => pod.Spec?.NodeName == node.Metadata?.Name && pod.IsReady()))
        {
            var conditions = (pod.Status?.Conditions ?? []).Select(condition => condition.Type == "Ready"
                ? condition with { Status = "False", LastTransitionTime = clock.GetKubernetesNow() }
                : condition);
            try
            {
                await client.UpdateStatusAsync(pod with { Status = (pod.Status ?? new V1PodStatus()) with { Conditions = [.. conditions] } }, cancellationToken);
                _events.Record(pod, "Warning", "NodeNotReady", "Node is not ready");
            }
            catch (StatusException exception) when (exception.Code == 404)
            {
                // Gone already.
            }
        }
    }
}
