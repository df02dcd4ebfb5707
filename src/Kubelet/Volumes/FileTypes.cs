using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MiniKube.Kubelet.Volumes;

/// <summary>Tells files, folders, sockets and devices apart, which .NET does not.</summary>
internal static class FileTypes
{
    private const int CurrentDirectory = -100;
    private const uint TypeOnly = 1;
    private const int BufferSize = 256;

    // struct statx is the same on every architecture: its mode is 16 bits at byte 28.
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;

    /// <summary>None when there is nothing. Links are followed.</summary>
    public static FileType Of(string path)
    {
        var buffer = new byte[BufferSize];
        return Statx(CurrentDirectory, path, 0, TypeOnly, buffer) == 0
            ? (FileType)(BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(ModeOffset)) & TypeMask)
            : FileType.None;
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] buffer);
}
