using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Quantities;
using MiniKube.Api.Scheduling;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Volumes;

/// <summary>
/// Gives a bound claim the size that it asks for by now. A volume of <see cref="HostPathProvisioner"/> is a directory without a size of its own, so that only the objects grow;
/// others are left to whoever made them. That the claim's class allows it, admission has seen to.
/// </summary>
internal sealed class VolumeExpandController(
    IObjectClient client, ILister<V1PersistentVolumeClaim> claims, ILister<V1PersistentVolume> volumes, IEventRecorders recorders) : IController
{
    private const string Storage = "storage";

    private readonly IEventRecorder _events = recorders.For("volume_expand");

    public string Name => "persistentvolume-expander-controller";

    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller.For<V1PersistentVolumeClaim>().Reads<V1PersistentVolume>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!claims.TryGet(key, out var claim)
            || claim.Status?.Phase != "Bound"
            || claim.Spec?.Resources?.Requests?.TryGetValue(Storage, out var wanted) != true
            || Quantity.From(wanted) <= SizeOf(claim.Status.Capacity)
            || !volumes.TryGet(new NamespacedName("", claim.Spec.VolumeName ?? ""), out var volume)
            || !VolumeClaims.IsFor(volume, claim))
        {
            return ReconcileResult.Done;
        }

        if (!HostPathProvisioner.Made(volume))
        {
            _events.Record(claim, "Normal", "ExternalExpanding", "waiting for an external controller to expand this PVC");
            return ReconcileResult.Done;
        }

        await GrowAsync(claim, volume, wanted!, cancellationToken);
        _events.Record(claim, "Normal", "VolumeResizeSuccessful", "Resize volume succeeded");
        return ReconcileResult.Done;
    }

    // The volume first: a claim never shows more than its volume has.
    private async Task GrowAsync(V1PersistentVolumeClaim claim, V1PersistentVolume volume, ResourceQuantity wanted, CancellationToken cancellationToken)
    {
        if (SizeOf(volume.Spec?.Capacity) < Quantity.From(wanted))
        {
            await client.UpdateAsync(volume with { Spec = (volume.Spec ?? new V1PersistentVolumeSpec()) with { Capacity = With(volume.Spec?.Capacity, wanted) } }, cancellationToken);
        }

        var status = claim.Status with { Capacity = With(claim.Status.Capacity, wanted), AllocatedResources = With(claim.Status.AllocatedResources, wanted) };
        await client.UpdateStatusAsync(claim with { Status = status }, cancellationToken);
    }

    private static Quantity SizeOf(IDictionary<string, ResourceQuantity>? amounts) =>
        amounts?.TryGetValue(Storage, out var size) == true ? Quantity.From(size) : Quantity.Zero;

    private static Dictionary<string, ResourceQuantity> With(IDictionary<string, ResourceQuantity>? amounts, ResourceQuantity size) =>
        new(amounts ?? new Dictionary<string, ResourceQuantity>()) { [Storage] = size };
}
