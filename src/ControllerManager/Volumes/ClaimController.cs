using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Scheduling;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Volumes;

/// <summary>Finds, or has made, a volume for each claim.</summary>
internal sealed class ClaimController(
    IObjectClient client,
    ILister<V1PersistentVolumeClaim> claims,
    ILister<V1PersistentVolume> volumes,
    ILister<V1StorageClass> classes,
    ILister<V1Node> nodes,
    IEventRecorders recorders,
    ControllerManagerOptions options) : IController
{
    private readonly ClaimBinder _binder = new(client);
    private readonly ClaimProvisioning _provisioning = new(client, nodes, recorders.For("persistentvolume-controller"), options);
    private readonly IEventRecorder _events = recorders.For("persistentvolume-controller");

    public string Name => "persistentvolume-binder-controller";

    // A volume is chosen by looking at all: two at a time would choose the same.
    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller
        .For<V1PersistentVolumeClaim>()
        .Watches<V1PersistentVolume>(ClaimsOf)
        .Watches<V1StorageClass>(change => Pending().Where(claim => VolumeClaims.Class(claim) == (change.New ?? change.Old)?.Metadata?.Name).Select(claim => claim.Key()))
        .Reads<V1Node>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!claims.TryGet(key, out var claim) || claim.Metadata?.DeletionTimestamp is not null)
        {
            return ReconcileResult.Done;
        }

        if (!string.IsNullOrEmpty(claim.Spec?.VolumeName))
        {
            await BindToNamedAsync(claim, claim.Spec.VolumeName, cancellationToken);
            return ReconcileResult.Done;
        }

        classes.TryGet(new NamespacedName("", VolumeClaims.Class(claim)), out var storageClass);
        var selected = VolumeAnnotations.Of(claim.Metadata, VolumeClaims.SelectedNode);
        nodes.TryGet(new NamespacedName("", selected ?? ""), out var node);
        var found = VolumeClaims.Find(claim, volumes.List(), node);
        // A volume that is kept for the claim needs no pod to be bound.
        if (found is not null && (!VolumeClaims.WaitsForConsumer(storageClass) || node is not null || VolumeClaims.IsFor(found, claim)))
        {
            await _binder.BindAsync(claim, found, cancellationToken);
            return ReconcileResult.Done;
        }

        await _binder.SetPhaseAsync(claim, "Pending", cancellationToken);
        await MakeAsync(claim, storageClass, node, cancellationToken);
        return ReconcileResult.Done;
    }

    private async Task MakeAsync(V1PersistentVolumeClaim claim, V1StorageClass? storageClass, V1Node? node, CancellationToken cancellationToken)
    {
        if (VolumeClaims.WaitsForConsumer(storageClass) && node is null)
        {
            _events.Record(claim, "Normal", "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
        }
        else if (VolumeClaims.Class(claim).Length == 0)
        {
            _events.Record(claim, "Normal", "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
        }
        else if (storageClass is null)
        {
            _events.Record(claim, "Warning", "ProvisioningFailed", $"storageclass.storage.k8s.io \"{VolumeClaims.Class(claim)}\" not found");
        }
        else
        {
            await _provisioning.MakeAsync(claim, storageClass, node, cancellationToken);
        }
    }

    private async Task BindToNamedAsync(V1PersistentVolumeClaim claim, string name, CancellationToken cancellationToken)
    {
        volumes.TryGet(new NamespacedName("", name), out var volume);
        if (volume is not null && (volume.Spec?.ClaimRef is null || VolumeClaims.IsFor(volume, claim)))
        {
            // A user may ask for a volume that is not what the claim says, but not for a smaller one, or one of another kind.
            if (VolumeClaims.IsBound(claim) || volume.Spec?.ClaimRef is not null || VolumeClaims.Fits(claim, volume))
            {
                await _binder.BindAsync(claim, volume, cancellationToken);
                return;
            }

            _events.Record(claim, "Warning", "VolumeMismatch", $"Cannot bind to requested volume \"{name}\": requested PV does not satisfy the claim");
            await _binder.SetPhaseAsync(claim, "Pending", cancellationToken);
            return;
        }

        if (!VolumeClaims.IsBound(claim))
        {
            await _binder.SetPhaseAsync(claim, "Pending", cancellationToken);
            return;
        }

        if (claim.Status?.Phase != "Lost")
        {
            var (reason, message) = volume is null
                ? ("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!")
                : ("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
            _events.Record(claim, "Warning", reason, message);
            await _binder.SetPhaseAsync(claim, "Lost", cancellationToken);
        }
    }

    // A volume concerns its claim, and who names it; a free one, whoever waits.
    private IEnumerable<NamespacedName> ClaimsOf(ObjectChange<V1PersistentVolume> change)
    {
        var references = new[] { change.Old?.Spec?.ClaimRef, change.New?.Spec?.ClaimRef }
            .OfType<V1ObjectReference>()
            .Select(reference => new NamespacedName(reference.NamespaceProperty ?? "", reference.Name ?? ""));
        var name = (change.New ?? change.Old)?.Metadata?.Name;
        return references.Concat(Pending()
            .Where(claim => claim.Spec?.VolumeName == name || (string.IsNullOrEmpty(claim.Spec?.VolumeName) && change.New is { Status.Phase: "Available" }))
            .Select(claim => claim.Key()));
    }

    private IEnumerable<V1PersistentVolumeClaim> Pending() => claims.List().Where(claim => claim.Status?.Phase is null or "" or "Pending");
}
