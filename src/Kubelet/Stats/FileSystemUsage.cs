using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MiniKube.Kubelet.Stats;

/// <summary>How full a file system is, in bytes and inodes.</summary>
internal sealed record FileSystemUsage(long Available, long Capacity, long Used, long FreeInodes, long Inodes)
{
    private const int Word = sizeof(long);
    private const int BufferSize = 256;

    /// <summary>Of the file system that a path is on; null if there is no such path.</summary>
    public static FileSystemUsage? Of(string path)
    {
        // struct statvfs on 64 bits begins with f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, a word each.
        var buffer = new byte[BufferSize];
        if (StatVfs(path, buffer) != 0)
        {
            return null;
        }

        long At(int index) => BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(index * Word));
        var block = At(1);
        return new FileSystemUsage(At(4) * block, At(2) * block, (At(2) - At(3)) * block, At(6), At(5));
    }

    [DllImport("libc", EntryPoint = "statvfs", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatVfs([MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte[] buffer);
}
