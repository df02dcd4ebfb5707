using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Gives files to a group, as fsGroup wants it, or to a user.</summary>
internal static class Ownership
{
    private const uint Same = uint.MaxValue;

    /// <summary>The folder and everything in it belong to the group, which may do what the owner may; new files in it will, too.</summary>
    public static void SetGroup(string directory, long group)
    {
        Set(directory, Same, (uint)group);
        File.SetUnixFileMode(directory, Widen(File.GetUnixFileMode(directory)) | UnixFileMode.SetGroup | UnixFileMode.GroupExecute);
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null })
            {
                SetGroup(entry.FullName, group);
                continue;
            }

            Set(entry.FullName, Same, (uint)group);
            if (entry.LinkTarget is null)
            {
                File.SetUnixFileMode(entry.FullName, Widen(entry.UnixFileMode));
            }
        }
    }

    public static void SetUser(string file, long user) => Set(file, (uint)user, Same);

    // What the owner may read or write, the group may.
    private static UnixFileMode Widen(UnixFileMode mode) =>
        mode | (UnixFileMode)(((int)mode >> 3) & (int)(UnixFileMode.GroupRead | UnixFileMode.GroupWrite));

    private static void Set(string path, uint user, uint group)
    {
        if (ChangeOwner(path, user, group) != 0)
        {
            throw new IOException($"lchown {path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);
}
