using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Volumes;

/// <summary>Has a volume made for a claim: by <see cref="HostPathProvisioner"/>, or by somebody outside who watches for claims that name him.</summary>
internal sealed class ClaimProvisioning(IObjectClient client, ILister<V1Node> nodes, IEventRecorder events, ControllerManagerOptions options)
{
    private const string None = "kubernetes.io/no-provisioner";

    public async Task MakeAsync(V1PersistentVolumeClaim claim, V1StorageClass storageClass, V1Node? node, CancellationToken cancellationToken)
    {
        var provisioner = storageClass.Provisioner ?? "";
        if (provisioner == None)
        {
            events.Record(claim, "Normal", "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
            return;
        }

        if (provisioner == HostPathProvisioner.Name && !options.EnableHostPathProvisioner)
        {
            events.Record(claim, "Warning", "ProvisioningFailed", $"no volume plugin matched name: {provisioner}");
            return;
        }

        if (VolumeAnnotations.Of(claim.Metadata, VolumeAnnotations.Provisioner) != provisioner)
        {
            var metadata = VolumeAnnotations.With(claim.Metadata, (VolumeAnnotations.Provisioner, provisioner), (VolumeAnnotations.BetaProvisioner, provisioner));
            claim = await client.UpdateAsync(claim with { Metadata = metadata }, cancellationToken);
        }

        if (provisioner != HostPathProvisioner.Name)
        {
            events.Record(
                claim,
                "Normal",
                "ExternalProvisioning",
                $"Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.");
            return;
        }

        await MakeHostPathAsync(claim, storageClass, node, cancellationToken);
    }

    // Bound by its claimRef, when it is seen.
    private async Task MakeHostPathAsync(V1PersistentVolumeClaim claim, V1StorageClass storageClass, V1Node? node, CancellationToken cancellationToken)
    {
        // Where only one node could use it, a volume of anywhere is one of that node.
        var place = node ?? (nodes.List() is [var only] ? only : null);
        try
        {
            var volume = await client.CreateAsync(HostPathProvisioner.Volume(claim, storageClass, place), cancellationToken);
            events.Record(
                claim, "Normal", "ProvisioningSucceeded", $"Successfully provisioned volume {volume.Metadata?.Name} using {HostPathProvisioner.Name}");
        }
        catch (StatusException exception) when (exception.Status.Reason == "AlreadyExists")
        {
            // Made already; the cache does not know it yet.
        }
    }
}
