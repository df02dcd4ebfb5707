namespace MiniKube.Cluster.Commands;

/// <summary>Keeps two <c>mk</c> from changing one cluster at the same time. The lock goes with the process that holds it.</summary>
internal sealed class ClusterLock : IDisposable
{
    private readonly FileStream _file;

    private ClusterLock(FileStream file) => _file = file;

    public static ClusterLock Take(ClusterPaths paths)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(paths.Lock)!);
        try
        {
            return new ClusterLock(new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (IOException exception)
        {
            throw new ClusterException($"Another mk is at work on cluster {paths.Name}.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
