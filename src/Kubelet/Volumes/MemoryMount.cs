using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MiniKube.Kubelet.Volumes;

/// <summary>A file system in memory, for emptyDir volumes that ask for it.</summary>
internal static class MemoryMount
{
    private const int DetachLazily = 2;

    public static bool IsMounted(string path) => Below(path).Contains(path);

    /// <param name="path">Where.</param>
    /// <param name="size">In bytes; 0 leaves it to the kernel (half of the memory).</param>
    public static void Mount(string path, long size)
    {
        var options = size > 0 ? string.Create(CultureInfo.InvariantCulture, $"size={size}") : null;
        if (Mount("tmpfs", path, "tmpfs", 0, options) != 0)
        {
            throw new IOException($"mount tmpfs at {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    /// <summary>Takes away every mount at or below a path, the deepest first.</summary>
    public static void UnmountBelow(string path)
    {
        foreach (var mount in Below(path).OrderByDescending(mount => mount.Length).ToList())
        {
            if (Unmount(mount, DetachLazily) != 0)
            {
                throw new IOException($"umount {mount}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }
        }
    }

    private static IEnumerable<string> Below(string path) => File.ReadLines("/proc/self/mounts")
        .Select(line => line.Split(' '))
        .Where(words => words.Length > 1)
        .Select(words => words[1].Replace("\\040", " ", StringComparison.Ordinal))
        .Where(mount => mount == path || mount.StartsWith(path + "/", StringComparison.Ordinal));

    [DllImport("libc", EntryPoint = "mount", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Mount(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string source,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string target,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string type,
        nuint flags,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string? data);

    [DllImport("libc", EntryPoint = "umount2", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmount([MarshalAs(UnmanagedType.LPUTF8Str)] string target, int flags);
}
