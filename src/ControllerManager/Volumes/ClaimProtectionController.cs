using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Volumes;

/// <summary>Lets a deleted claim go once no pod uses it any more.</summary>
internal sealed class ClaimProtectionController(IObjectClient client, ILister<V1PersistentVolumeClaim> claims, ILister<V1Pod> pods) : IController
{
    private const string Finalizer = "kubernetes.io/pvc-protection";

    public string Name => "persistentvolumeclaim-protection-controller";

    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller
        .For<V1PersistentVolumeClaim>()
        .Watches<V1Pod>(change => (change.New ?? change.Old) is { } pod && (change.New is null || pod.HasEnded()) ? ClaimsOf(pod) : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!claims.TryGet(key, out var claim)
            || claim.Metadata?.DeletionTimestamp is null
            || claim.Metadata.Finalizers?.Contains(Finalizer) != true
            || pods.List(key.Namespace).Any(pod => Uses(pod, key))
            || await IsUsedAsync(key, cancellationToken))
        {
            return ReconcileResult.Done;
        }

        try
        {
            var finalizers = claim.Metadata.Finalizers.Where(other => other != Finalizer).ToList();
            await client.UpdateAsync(claim with { Metadata = claim.Metadata with { Finalizers = finalizers.Count == 0 ? null : finalizers } }, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }

        return ReconcileResult.Done;
    }

    // The cache may not know a pod that was made a moment ago.
    private async Task<bool> IsUsedAsync(NamespacedName key, CancellationToken cancellationToken) =>
        (await client.ListAsync<V1Pod>(new ListQuery(key.Namespace), cancellationToken)).Items.Any(pod => Uses(pod, key));

    private static bool Uses(V1Pod pod, NamespacedName claim) => !pod.HasEnded() && ClaimsOf(pod).Contains(claim);

    private static IEnumerable<NamespacedName> ClaimsOf(V1Pod pod) => (pod.Spec?.Volumes ?? [])
        .Where(volume => volume.PersistentVolumeClaim is not null)
        .Select(volume => new NamespacedName(pod.Key().Namespace, volume.PersistentVolumeClaim.ClaimName ?? ""));
}
