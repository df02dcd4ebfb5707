using k8s.Models;

using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Makes a pod's volumes on the node, keeps those that are made of objects up to date, and takes them away.</summary>
internal sealed class PodVolumes(NodeDirectory node, PayloadReader payloads, ClaimedVolumes claims, TimeProvider clock)
{
    private const UnixFileMode Everyone =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public async Task PrepareAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            try
            {
                await PrepareAsync(pod, volume, cancellationToken);
            }
            catch (IOException exception)
            {
                throw new VolumeException($"MountVolume.SetUp failed for volume \"{volume.Name}\" : {exception.Message}");
            }
        }
    }

    /// <summary>The uids of the pods that have a folder here.</summary>
    public IEnumerable<string> Held => Path.Combine(node.Path, "pods") is var folder && Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path))]
        : [];

    /// <summary>Where a volume is on the node.</summary>
    public string PathOf(V1Pod pod, V1Volume volume)
    {
        var directory = PodDirectory.Of(node, pod);
        return volume switch
        {
            { HostPath: { } host } => host.Path ?? "",
            { ConfigMap: not null } => directory.Volume("configmap", volume.Name),
            { Secret: not null } => directory.Volume("secret", volume.Name),
            { DownwardAPI: not null } => directory.Volume("downward-api", volume.Name),
            { Projected: not null } => directory.Volume("projected", volume.Name),
            _ when ClaimedVolumes.IsClaim(volume) => claims.PathOf(pod, volume),
            _ => directory.Volume("empty-dir", volume.Name),
        };
    }

    /// <summary>Upstream's message about a volume on disk that holds more than its limit, if one does. One in memory is limited by the kernel.</summary>
    public string? FindOverfull(V1Pod pod)
    {
        var overfull = EmptyDirLimits.Of(pod).FirstOrDefault(limited => EmptyDirLimits.Usage(PathOf(pod, limited.Volume)) > limited.Bytes);
        return overfull.Volume is { } volume ? $"Usage of EmptyDir volume \"{volume.Name}\" exceeds the limit \"{volume.EmptyDir?.SizeLimit}\". " : null;
    }

    public void Remove(V1Pod pod)
    {
        payloads.Forget(pod);
        claims.Forget(pod);
        var directory = PodDirectory.Of(node, pod).Path;
        if (Directory.Exists(directory))
        {
            MemoryMount.UnmountBelow(directory);
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task PrepareAsync(V1Pod pod, V1Volume volume, CancellationToken cancellationToken)
    {
        var path = PathOf(pod, volume);
        switch (volume)
        {
            case { HostPath: { } host }:
                HostPaths.Prepare(volume.Name, path, host.Type ?? "");
                break;
            case { ConfigMap: not null } or { Secret: not null } or { DownwardAPI: not null } or { Projected: not null }:
                new AtomicWriter(path, clock).Write(await payloads.ReadAsync(pod, volume, cancellationToken), pod.Spec?.SecurityContext?.FsGroup);
                break;
            case { PersistentVolumeClaim: not null } or { Ephemeral: not null }:
                await claims.PrepareAsync(pod, volume, cancellationToken);
                break;
            default:
                PrepareEmpty(pod, volume, path);
                break;
        }
    }

    private static void PrepareEmpty(V1Pod pod, V1Volume volume, string path)
    {
        var isNew = !Directory.Exists(path);
        Directory.CreateDirectory(path);
        if (volume.EmptyDir?.Medium == "Memory" && !MemoryMount.IsMounted(path))
        {
            MemoryMount.Mount(path, volume.EmptyDir.SizeLimit?.ToInt64() ?? 0);
            isNew = true;
        }

        if (!isNew)
        {
            return;
        }

        File.SetUnixFileMode(path, Everyone);
        if (pod.Spec?.SecurityContext?.FsGroup is { } group)
        {
            Ownership.SetGroup(path, group);
        }
    }
}
