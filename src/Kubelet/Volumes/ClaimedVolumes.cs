using System.Collections.Concurrent;

using k8s.Models;

using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Finds what is behind a pod's claims: persistent volumes that are a path of this node. What a pod started with it keeps, whatever becomes of the claim.</summary>
internal sealed class ClaimedVolumes(ReferencedObjects objects)
{
    private readonly ConcurrentDictionary<(string Uid, string Volume), string> _paths = [];

    public static bool IsClaim(V1Volume volume) => ClaimOf(volume, "") is not null;

    /// <summary>The claim's name: of an ephemeral volume it is the pod's and the volume's together.</summary>
    public static string? ClaimOf(V1Volume volume, string podName) => volume switch
    {
        { PersistentVolumeClaim: { } claim } => claim.ClaimName,
        { Ephemeral: not null } => $"{podName}-{volume.Name}",
        _ => null,
    };

    /// <summary>Empty before <see cref="PrepareAsync"/>.</summary>
    public string PathOf(V1Pod pod, V1Volume volume) => _paths.GetValueOrDefault((pod.Uid(), volume.Name), "");

    public void Forget(V1Pod pod)
    {
        foreach (var key in _paths.Keys.Where(key => key.Uid == pod.Uid()))
        {
            _paths.TryRemove(key, out _);
        }
    }

    public async Task PrepareAsync(V1Pod pod, V1Volume volume, CancellationToken cancellationToken)
    {
        if (_paths.ContainsKey((pod.Uid(), volume.Name)))
        {
            return;
        }

        var claim = await ClaimAsync(pod, volume, cancellationToken);
        var name = claim.Spec?.VolumeName ?? "";
        var persistent = await objects.FindAsync<V1PersistentVolume>("", name, cancellationToken);
        if (persistent?.Spec?.ClaimRef is not { } reference || reference.Uid != claim.Metadata?.Uid)
        {
            throw Unprocessed(pod, volume, persistent is null
                ? $"failed to fetch PV {name} from API server: persistentvolumes \"{name}\" not found"
                : $"failed to get PV {name}: it is bound to another claim");
        }

        _paths[(pod.Uid(), volume.Name)] = Prepare(pod, name, persistent.Spec);
    }

    private async Task<V1PersistentVolumeClaim> ClaimAsync(V1Pod pod, V1Volume volume, CancellationToken cancellationToken)
    {
        var name = ClaimOf(volume, pod.Name()) ?? "";
        var claim = await objects.FindAsync<V1PersistentVolumeClaim>(pod.Namespace(), name, cancellationToken)
            ?? throw Unprocessed(pod, volume, $"failed to fetch PVC from API server: persistentvolumeclaims \"{name}\" not found");
        if (volume.Ephemeral is not null && claim.Metadata?.OwnerReferences?.Any(owner => owner.Uid == pod.Uid() && owner.Controller == true) != true)
        {
            throw Unprocessed(pod, volume, $"PVC {pod.Namespace()}/{name} was not created for pod {pod.Namespace()}/{pod.Name()} (pod is not owner)");
        }

        if (claim.Metadata?.DeletionTimestamp is not null)
        {
            throw Unprocessed(pod, volume, "PVC is being deleted");
        }

        return claim.Status?.Phase == "Bound" && !string.IsNullOrEmpty(claim.Spec?.VolumeName) ? claim : throw Unprocessed(pod, volume, "PVC is not bound");
    }

    private static string Prepare(V1Pod pod, string name, V1PersistentVolumeSpec spec)
    {
        if (spec.VolumeMode == "Block")
        {
            throw new VolumeException($"MapVolume.SetUp failed for volume \"{name}\" : block volumes are not supported by this kubelet");
        }

        switch (spec)
        {
            case { HostPath: { } host }:
                HostPaths.Prepare(name, host.Path ?? "", host.Type ?? "");
                return host.Path ?? "";
            case { Local: { } local }:
                if (!Directory.Exists(local.Path))
                {
                    throw new VolumeException($"MountVolume.NewMounter initialization failed for volume \"{name}\" : path \"{local.Path}\" does not exist");
                }

                if (pod.Spec?.SecurityContext?.FsGroup is { } group)
                {
                    Ownership.SetGroup(local.Path, group);
                }

                return local.Path;
            default:
                throw new VolumeException($"MountVolume.SetUp failed for volume \"{name}\" : no volume plugin matched");
        }
    }

    private static VolumeException Unprocessed(V1Pod pod, V1Volume volume, string why) => new(
        $"Unable to attach or mount volumes: unmounted volumes=[{volume.Name}], unattached volumes=[], failed to process volumes=[{volume.Name}]: " +
        $"error processing PVC {pod.Namespace()}/{ClaimOf(volume, pod.Name())}: {why}");
}
