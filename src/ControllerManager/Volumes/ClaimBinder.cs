using k8s.Models;

using MiniKube.Api.Scheduling;
using MiniKube.Client;

namespace MiniKube.ControllerManager.Volumes;

/// <summary>Writes a claim and its volume to each other: the volume first, so that no two claims get it. Each step may be repeated.</summary>
internal sealed class ClaimBinder(IObjectClient client)
{
    /// <param name="claim">The claim.</param>
    /// <param name="volume">A volume that is free, or is for this claim.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task BindAsync(V1PersistentVolumeClaim claim, V1PersistentVolume volume, CancellationToken cancellationToken)
    {
        if (volume.Spec?.ClaimRef?.Uid != claim.Metadata?.Uid)
        {
            var isOurChoice = volume.Spec?.ClaimRef is null;
            volume = await client.UpdateAsync(
                volume with
                {
                    Metadata = isOurChoice ? VolumeAnnotations.With(volume.Metadata, (VolumeAnnotations.BoundByController, "yes")) : volume.Metadata,
                    Spec = (volume.Spec ?? new V1PersistentVolumeSpec()) with { ClaimRef = claim.ToReference() },
                },
                cancellationToken);
        }

        if (volume.Status?.Phase != "Bound")
        {
            volume = await client.UpdateStatusAsync(volume with { Status = new V1PersistentVolumeStatus { Phase = "Bound" } }, cancellationToken);
        }

        if (!VolumeClaims.IsBound(claim))
        {
            claim = await client.UpdateAsync(WithVolume(claim, volume), cancellationToken);
        }

        await ShowAsync(claim, volume, cancellationToken);
    }

    public async Task SetPhaseAsync(V1PersistentVolumeClaim claim, string phase, CancellationToken cancellationToken)
    {
        if (claim.Status?.Phase != phase)
        {
            await client.UpdateStatusAsync(claim with { Status = (claim.Status ?? new V1PersistentVolumeClaimStatus()) with { Phase = phase } }, cancellationToken);
        }
    }

    private static V1PersistentVolumeClaim WithVolume(V1PersistentVolumeClaim claim, V1PersistentVolume volume) => claim with
    {
        Metadata = string.IsNullOrEmpty(claim.Spec?.VolumeName)
            ? VolumeAnnotations.With(claim.Metadata, (VolumeClaims.BindCompleted, "yes"), (VolumeAnnotations.BoundByController, "yes"))
            : VolumeAnnotations.With(claim.Metadata, (VolumeClaims.BindCompleted, "yes")),
        Spec = (claim.Spec ?? new V1PersistentVolumeClaimSpec()) with { VolumeName = volume.Metadata?.Name },
    };

    private async Task ShowAsync(V1PersistentVolumeClaim claim, V1PersistentVolume volume, CancellationToken cancellationToken)
    {
        var status = claim.Status ?? new V1PersistentVolumeClaimStatus();
        if (status.Phase != "Bound" || status.Capacity is null || status.AccessModes is null)
        {
            await client.UpdateStatusAsync(
                claim with { Status = status with { Phase = "Bound", AccessModes = volume.Spec?.AccessModes, Capacity = volume.Spec?.Capacity } }, cancellationToken);
        }
    }
}
