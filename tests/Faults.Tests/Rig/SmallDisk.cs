using MiniKube.TestSupport;

namespace MiniKube.Faults.Tests.Rig;

/// <summary>A disk of its own for one member of etcd, which can be filled.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const string Size = "256m";
    private readonly TemporaryFolder _mount = new();

    private SmallDisk()
    {
    }

    public string Path => _mount.Path;

    public static async Task<SmallDisk> CreateAsync(CancellationToken cancellationToken)
    {
        var disk = new SmallDisk();
        (await CommandRunner.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={Size}", "tmpfs", disk.Path], new CommandInput(), cancellationToken)).EnsureSuccess();
        return disk;
    }

    public void Fill()
    {
        using var file = File.Create(_mount.File("filler"));
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(_mount.File("filler"));

    public void Dispose()
    {
        using var unmount = System.Diagnostics.Process.Start("umount", ["-l", Path]);
        unmount.WaitForExit();
        _mount.Dispose();
    }
}
