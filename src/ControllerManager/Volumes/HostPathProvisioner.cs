using k8s.Models;

using MiniKube.Api.Scheduling;
using MiniKube.Client;

namespace MiniKube.ControllerManager.Volumes;

/// <summary>
/// Makes volumes that are directories of a node, for clusters without real storage. The kubelet makes the directory when a pod first uses it; a volume that was made for a pod's node is
/// used only there.
/// </summary>
internal static class HostPathProvisioner
{
    /// <summary>Upstream's name of its own.</summary>
    public const string Name = "kubernetes.io/host-path";

    private const string Root = "/var/lib/minikube/volumes";
    private const string HostName = "kubernetes.io/hostname";

    /// <summary>Whether a volume is of this provisioner's making, so that nothing but the object is left to delete.</summary>
    public static bool Made(V1PersistentVolume volume) => VolumeAnnotations.Of(volume.Metadata, VolumeAnnotations.ProvisionedBy) == Name;

    /// <param name="claim">Whom it is for.</param>
    /// <param name="storageClass">Its class.</param>
    /// <param name="node">Where it will be used; null for anywhere.</param>
    public static V1PersistentVolume Volume(V1PersistentVolumeClaim claim, V1StorageClass storageClass, V1Node? node)
    {
        var name = $"pvc-{claim.Metadata?.Uid}";
        return new V1PersistentVolume
        {
            ApiVersion = "v1",
            Kind = "PersistentVolume",
            Metadata = new V1ObjectMeta { Name = name, Annotations = new Dictionary<string, string> { [VolumeAnnotations.ProvisionedBy] = Name } },
            Spec = new V1PersistentVolumeSpec
            {
                Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = claim.Spec?.Resources?.Requests?["storage"] ?? new ResourceQuantity("0") },
                AccessModes = claim.Spec?.AccessModes,
                VolumeMode = claim.Spec?.VolumeMode,
                StorageClassName = VolumeClaims.Class(claim),
                PersistentVolumeReclaimPolicy = storageClass.ReclaimPolicy ?? "Delete",
                MountOptions = storageClass.MountOptions,
                ClaimRef = claim.ToReference(),
                HostPath = new V1HostPathVolumeSource { Path = $"{Root}/{name}", Type = "DirectoryOrCreate" },
                NodeAffinity = node is null ? null : OnlyOn(node),
            },
        };
    }

    private static V1VolumeNodeAffinity OnlyOn(V1Node node) => new()
    {
        Required = new V1NodeSelector
        {
            NodeSelectorTerms =
            [
                new V1NodeSelectorTerm
                {
                    MatchExpressions =
                    [
                        new V1NodeSelectorRequirement
                        {
                            Key = HostName,
                            OperatorProperty = "In",
                            Values = [node.Metadata?.Labels?.TryGetValue(HostName, out var label) == true ? label : node.Metadata?.Name],
                        },
                    ],
                },
            ],
        },
    };
}
