using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>Takes the finalizer from pods whose job is gone: nobody will count them, and they could never be deleted.</summary>
internal sealed class JobOrphanController(ILister<V1Job> jobs, ILister<V1Pod> pods, IObjectClient client, IPodControl podControl, TimeProvider clock) : IController
{
    private readonly JobPodWriter _writer = new(client, podControl, new Expectations(clock));

    // A part of the job controller, and switched on and off with it.
    public string Name => "job-controller";

    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller
        .Watches<V1Pod>(change => change.New is { } pod && IsOrphan(pod) ? [pod.Key()] : [])
        .Watches<V1Job>(change => change is { New: null, Old: { } gone } ? pods.OwnedBy(gone).Where(IsOrphan).Select(pod => pod.Key()) : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (pods.TryGet(key, out var pod) && IsOrphan(pod))
        {
            await _writer.ReleaseOrphanAsync(pod, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    // A finished job counts no more: what still has the finalizer came later.
    private bool IsOrphan(V1Pod pod) => JobPods.IsTracked(pod)
        && !(pod.ControllerReference() is { Kind: "Job" } owner
            && jobs.TryGet(new NamespacedName(pod.Key().Namespace, owner.Name ?? ""), out var job)
            && job.Metadata?.Uid == owner.Uid
            && (!job.HasFinished() || !job.IsOurs()));
}
