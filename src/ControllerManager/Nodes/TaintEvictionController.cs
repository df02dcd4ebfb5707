using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Nodes;

/// <summary>Deletes the pods that do not tolerate a NoExecute taint of their node, or not for this long.</summary>
internal sealed class TaintEvictionController(
    IObjectClient client, ILister<V1Pod> pods, ILister<V1Node> nodes, IEventRecorders recorders, TimeProvider clock) : IController
{
    public string Name => "taint-eviction-controller";

    public int Workers => 8;

    public void Configure(ControllerBuilder controller) => controller
        .For<V1Pod>()
        .Watches<V1Node>(change => NoExecute(change.New).SequenceEqual(NoExecute(change.Old))
            ? []
            : pods.List().Where(pod => pod.Spec?.NodeName == change.New?.Metadata?.Name).Select(pod => pod.Key()));

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!pods.TryGet(key, out var pod)
            || !pod.IsActive()
            || !nodes.TryGet(new NamespacedName("", pod.Spec?.NodeName ?? ""), out var node))
        {
            return ReconcileResult.Done;
        }

        var taints = (node.Spec?.Taints ?? []).Where(taint => taint.Effect == "NoExecute");
        if (EvictionTimes.Of(taints, pod.Spec?.Tolerations ?? [], clock.GetKubernetesNow()) is not { } time)
        {
            return ReconcileResult.Done;
        }

        // A taint that goes away in time saves the pod: it is asked again then.
        var left = time - clock.GetUtcNow().UtcDateTime;
        if (left > TimeSpan.Zero)
        {
            return new ReconcileResult(left);
        }

        await EvictAsync(pod, cancellationToken);
        return ReconcileResult.Done;
    }

    private async Task EvictAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        recorders.For("taint-eviction-controller").Record(pod, "Normal", "TaintManagerEviction", $"Marking for deletion Pod {pod.Key()}");
        try
        {
            await PodDisruption.TellAsync(
                client, pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", clock.GetKubernetesNow(), cancellationToken);
            await client.DeleteAsync<V1Pod>(
                pod.Key(), new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = pod.Metadata?.Uid } }, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }
    }

    private static IEnumerable<string> NoExecute(V1Node? node) =>
        (node?.Spec?.Taints ?? []).Where(taint => taint.Effect == "NoExecute").Select(taint => $"{taint.Key}={taint.Value}@{taint.TimeAdded:O}");
}
