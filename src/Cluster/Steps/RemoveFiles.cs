namespace MiniKube.Cluster.Steps;

/// <summary>Removes a cluster's files, but for the images that its Docker Engines keep.</summary>
internal sealed class RemoveFiles(ClusterPaths paths, bool alsoImages) : IStep
{
    public string Title => "Files removed";

    public Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(paths.Folder))
        {
            return Task.FromResult<string?>("there were none");
        }

        foreach (var file in Directory.EnumerateFiles(paths.Folder))
        {
            File.Delete(file);
        }

        foreach (var folder in Directory.EnumerateDirectories(paths.Folder).Where(folder => alsoImages || folder != paths.KeptImages))
        {
            Directory.Delete(folder, recursive: true);
        }

        if (!Directory.Exists(paths.KeptImages))
        {
            Directory.Delete(paths.Folder);
        }

        return Task.FromResult<string?>(null);
    }
}
