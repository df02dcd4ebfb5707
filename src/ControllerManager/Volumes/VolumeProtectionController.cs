using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Volumes;

/// <summary>Lets a deleted volume go once no claim is bound to it any more.</summary>
internal sealed class VolumeProtectionController(IObjectClient client, ILister<V1PersistentVolume> volumes) : IController
{
    private const string Finalizer = "kubernetes.io/pv-protection";

    public string Name => "persistentvolume-protection-controller";

    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller.For<V1PersistentVolume>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!volumes.TryGet(key, out var volume)
            || volume is { Metadata.DeletionTimestamp: null } or { Status.Phase: "Bound" }
            || volume.Metadata.Finalizers?.Contains(Finalizer) != true)
        {
            return ReconcileResult.Done;
        }

        try
        {
            var finalizers = volume.Metadata.Finalizers.Where(other => other != Finalizer).ToList();
            await client.UpdateAsync(volume with { Metadata = volume.Metadata with { Finalizers = finalizers.Count == 0 ? null : finalizers } }, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }

        return ReconcileResult.Done;
    }
}
