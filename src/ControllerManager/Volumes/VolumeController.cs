using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Scheduling;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Volumes;

/// <summary>Keeps the phase of each volume, and reclaims one whose claim is gone as its policy says.</summary>
internal sealed class VolumeController(
    IObjectClient client, ILister<V1PersistentVolumeClaim> claims, ILister<V1PersistentVolume> volumes, IEventRecorders recorders) : IController
{
    private readonly IEventRecorder _events = recorders.For("persistentvolume-controller");

    public string Name => "persistentvolume-binder-controller";

    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller
        .For<V1PersistentVolume>()
        .Watches<V1PersistentVolumeClaim>(change => (change.New ?? change.Old) is { } claim
            ? volumes.List().Where(volume => volume.Metadata?.Name == claim.Spec?.VolumeName || VolumeClaims.IsFor(volume, claim)).Select(volume => volume.Key())
            : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!volumes.TryGet(key, out var volume))
        {
            return ReconcileResult.Done;
        }

        if (volume.Spec?.ClaimRef is not { Uid: { Length: > 0 } uid } reference)
        {
            // Free, or kept for a claim that is to come.
            await SetPhaseAsync(volume, "Available", "", cancellationToken);
            return ReconcileResult.Done;
        }

        var claim = await FindAsync(new NamespacedName(reference.NamespaceProperty ?? "", reference.Name ?? ""), uid, cancellationToken);
        if (claim is null)
        {
            await ReclaimAsync(volume, cancellationToken);
        }
        else if (claim.Spec?.VolumeName == volume.Metadata?.Name)
        {
            await SetPhaseAsync(volume, "Bound", "", cancellationToken);
        }
        else if (!string.IsNullOrEmpty(claim.Spec?.VolumeName))
        {
            // It has another volume by now.
            await GiveBackAsync(volume, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    // The cache may be behind: a claim that was made a moment ago must not lose its volume.
    private async Task<V1PersistentVolumeClaim?> FindAsync(NamespacedName key, string uid, CancellationToken cancellationToken)
    {
        if (claims.TryGet(key, out var cached) && cached.Metadata?.Uid == uid)
        {
            return cached;
        }

        try
        {
            var fresh = await client.GetAsync<V1PersistentVolumeClaim>(key, cancellationToken);
            return fresh.Metadata?.Uid == uid ? fresh : null;
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            return null;
        }
    }

    private async Task GiveBackAsync(V1PersistentVolume volume, CancellationToken cancellationToken)
    {
        if (HostPathProvisioner.Made(volume) && volume.Spec?.PersistentVolumeReclaimPolicy == "Delete")
        {
            await ReclaimAsync(volume, cancellationToken);
        }
        else if (VolumeAnnotations.Of(volume.Metadata, VolumeAnnotations.BoundByController) is not null)
        {
            var annotations = (volume.Metadata?.Annotations ?? new Dictionary<string, string>()).Where(pair => pair.Key != VolumeAnnotations.BoundByController);
            await client.UpdateAsync(
                volume with
                {
                    Metadata = (volume.Metadata ?? new V1ObjectMeta()) with { Annotations = new Dictionary<string, string>(annotations) },
                    Spec = (volume.Spec ?? new V1PersistentVolumeSpec()) with { ClaimRef = null },
                },
                cancellationToken);
        }
    }

    private async Task ReclaimAsync(V1PersistentVolume volume, CancellationToken cancellationToken)
    {
        if (volume.Status?.Phase != "Failed")
        {
            volume = await SetPhaseAsync(volume, "Released", "", cancellationToken);
        }

        switch (volume.Spec?.PersistentVolumeReclaimPolicy)
        {
            case "Delete" when HostPathProvisioner.Made(volume):
                await DeleteAsync(volume, cancellationToken);
                break;
            case "Delete" when VolumeAnnotations.Of(volume.Metadata, VolumeAnnotations.ProvisionedBy) is not null:
                // Whoever made it outside deletes it.
                break;
            case "Delete":
                await FailAsync(volume, "VolumeFailedDelete", $"error getting deleter volume plugin for volume \"{volume.Metadata?.Name}\": no deletable volume plugin matched", cancellationToken);
                break;
            case "Recycle":
                await FailAsync(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!", cancellationToken);
                break;
        }
    }

    private async Task DeleteAsync(V1PersistentVolume volume, CancellationToken cancellationToken)
    {
        if (volume.Metadata?.DeletionTimestamp is not null)
        {
            return;
        }

        try
        {
            var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = volume.Metadata?.Uid } };
            await client.DeleteAsync<V1PersistentVolume>(volume.Key(), options, cancellationToken);
        }
        catch (StatusException exception) when (exception.Code == 404)
        {
            // Gone already.
        }
    }

    private async Task FailAsync(V1PersistentVolume volume, string reason, string message, CancellationToken cancellationToken)
    {
        if (volume.Status?.Phase != "Failed" || volume.Status.Message != message)
        {
            await SetPhaseAsync(volume, "Failed", message, cancellationToken);
            _events.Record(volume, "Warning", reason, message);
        }
    }

    private async Task<V1PersistentVolume> SetPhaseAsync(V1PersistentVolume volume, string phase, string message, CancellationToken cancellationToken) =>
        volume.Status?.Phase == phase
            ? volume
            : await client.UpdateStatusAsync(
                volume with { Status = new V1PersistentVolumeStatus { Phase = phase, Message = message.Length == 0 ? null : message } }, cancellationToken);
}
