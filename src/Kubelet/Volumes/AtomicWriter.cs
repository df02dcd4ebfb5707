using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MiniKube.Kubelet.Volumes;

/// <summary>
/// Writes the files of a volume so that who reads sees either all old or all new: they stand in a folder named by time, <c>..data</c> points to it and is
/// replaced by one rename, and what the pod sees are links through it.
/// </summary>
internal sealed class AtomicWriter(string directory, TimeProvider clock)
{
    private const string DataLink = "..data";
    private const string NewDataLink = "..data_tmp";
    private const UnixFileMode DirectoryMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Does nothing when the files are there already, just so.</summary>
    public void Write(IReadOnlyList<PayloadFile> files, long? group)
    {
        Directory.CreateDirectory(directory, DirectoryMode);
        var link = Path.Combine(directory, DataLink);
        var old = new DirectoryInfo(link).LinkTarget;
        if (old is not null && IsCurrent(Path.Combine(directory, old), files))
        {
            return;
        }

        var name = clock.GetUtcNow().UtcDateTime.ToString("..yyyy_MM_dd_HH_mm_ss.fffffff", CultureInfo.InvariantCulture);
        WriteFiles(Path.Combine(directory, name), files, group);
        var next = Path.Combine(directory, NewDataLink);
        File.Delete(next);
        File.CreateSymbolicLink(next, name);
        Rename(next, link);
        LinkNames(files);
        RemoveStale(files, name);
    }

    // File.Move looks through a link to a folder and finds no file; the kernel renames the link itself, over the old one, in one step.
    private static void Rename(string from, string to)
    {
        if (RenameEntry(from, to) != 0)
        {
            throw new IOException($"rename {from} to {to}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [DllImport("libc", EntryPoint = "rename", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameEntry([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    private static void WriteFiles(string target, IReadOnlyList<PayloadFile> files, long? group)
    {
        Directory.CreateDirectory(target, DirectoryMode);
        foreach (var file in files)
        {
            var path = Path.Combine(target, file.Path);
            var parent = Path.GetDirectoryName(path) ?? target;
            Directory.CreateDirectory(parent, DirectoryMode);
            File.WriteAllBytes(path, file.Content);
            File.SetUnixFileMode(path, file.Mode);
            if (file.Owner is { } owner)
            {
                Ownership.SetUser(path, owner);
            }
        }

        if (group is { } id)
        {
            Ownership.SetGroup(target, id);
        }
    }

    private static bool IsCurrent(string target, IReadOnlyList<PayloadFile> files)
    {
        if (!Directory.Exists(target) || Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Count() != files.Count)
        {
            return false;
        }

        return files.All(file => Path.Combine(target, file.Path) is var path && File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Content));
    }

    private static IEnumerable<string> TopNames(IReadOnlyList<PayloadFile> files) => files.Select(file => file.Path.Split('/')[0]).Distinct();

    private void LinkNames(IReadOnlyList<PayloadFile> files)
    {
        foreach (var name in TopNames(files))
        {
            var link = Path.Combine(directory, name);
            if (new FileInfo(link).LinkTarget is null)
            {
                File.CreateSymbolicLink(link, $"{DataLink}/{name}");
            }
        }
    }

    private void RemoveStale(IReadOnlyList<PayloadFile> files, string current)
    {
        var names = TopNames(files).ToHashSet();
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos().ToList())
        {
            if (entry.Name == DataLink || entry.Name == current || names.Contains(entry.Name))
            {
                continue;
            }

            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }
}
