using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Scheduling;
using MiniKube.Client;
using MiniKube.Client.Informers;

namespace MiniKube.Scheduler;

/// <summary>Says where the first pod of a claim will run, and waits until the claim has its volume there: only then is the pod bound.</summary>
internal sealed class VolumeBinder(IObjectClient client, IInformerFactory informers, TimeProvider clock)
{
    // Upstream's number.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly IInformer<V1PersistentVolumeClaim> _claims = informers.Get<V1PersistentVolumeClaim>();

    public static IEnumerable<NamespacedName> ClaimsOf(V1Pod pod)
    {
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            if (volume.PersistentVolumeClaim?.ClaimName is { } name)
            {
                yield return new NamespacedName(pod.Metadata?.NamespaceProperty ?? "", name);
            }
        }
    }

    /// <summary>Returns at once when all claims are bound, as of nearly all pods. Throws IOException after ten minutes.</summary>
    public async Task BindAsync(V1Pod pod, string node, CancellationToken cancellationToken)
    {
        var waiting = ClaimsOf(pod).Where(name => !IsBound(name)).ToHashSet();
        if (waiting.Count == 0)
        {
            return;
        }

        var bound = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = _claims.AddHandler(_ =>
        {
            if (waiting.All(IsBound))
            {
                bound.TrySetResult();
            }
        });
        foreach (var name in waiting)
        {
            await SelectAsync(name, node, cancellationToken);
        }

        try
        {
            await bound.Task.WaitAsync(Limit, clock, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new IOException("binding volumes: context deadline exceeded", exception);
        }
    }

    // With its status, since kubelets look at that.
    private bool IsBound(NamespacedName name) => _claims.TryGet(name, out var claim) && VolumeClaims.IsBound(claim) && claim.Status?.Phase == "Bound";

    private async Task SelectAsync(NamespacedName name, string node, CancellationToken cancellationToken)
    {
        var annotations = new Dictionary<string, string> { [VolumeClaims.SelectedNode] = node };
        await client.PatchAsync<V1PersistentVolumeClaim>(
            name, new V1Patch(new { metadata = new { annotations } }, V1Patch.PatchType.MergePatch), null, cancellationToken);
    }
}
