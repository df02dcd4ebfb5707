using System.IO.Enumeration;

using k8s.Models;

namespace MiniKube.Kubelet.Volumes;

/// <summary>emptyDir volumes on disk with a sizeLimit, and what they hold.</summary>
internal static class EmptyDirLimits
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public static IEnumerable<(V1Volume Volume, long Bytes)> Of(V1Pod pod) => (pod.Spec?.Volumes ?? [])
        .Where(volume => volume.EmptyDir is { SizeLimit: not null, Medium: null or "" })
        .Select(volume => (volume, volume.EmptyDir?.SizeLimit?.ToInt64() ?? 0))
        .Where(limited => limited.Item2 > 0);

    /// <summary>The bytes of all files below a path. Those that vanish meanwhile do not count.</summary>
    public static long Usage(string path) => Directory.Exists(path)
        ? new FileSystemEnumerable<long>(path, (ref FileSystemEntry entry) => entry.IsDirectory ? 0 : entry.Length, Everything).Sum()
        : 0;
}
