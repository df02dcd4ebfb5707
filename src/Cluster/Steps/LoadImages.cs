using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Images;

namespace MiniKube.Cluster.Steps;

/// <summary>Waits for Docker, and gives it the images of the recipes that it lacks and that no registry has for it.</summary>
internal sealed class LoadImages(ClusterPaths paths, Host host, TimeProvider clock) : IStep
{
    private static readonly TimeSpan DockerLimit = TimeSpan.FromSeconds(30);

    private readonly DockerEngine _docker = new(host, clock);

    public string Title => $"Docker and its images on {host.Name}";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        await _docker.WaitAsync(DockerLimit, cancellationToken);
        var present = await _docker.ImagesAsync(cancellationToken);
        var missing = ImageRecipe.All.Where(recipe => !present.Contains(recipe.Name)).ToList();
        var loaded = await Task.WhenAll(missing.Select(recipe => LoadAsync(recipe, cancellationToken)));
        return loaded.Any(one => one) ? $"{loaded.Count(one => one)} loaded" : null;
    }

    private async Task<bool> LoadAsync(ImageRecipe recipe, CancellationToken cancellationToken)
    {
        if (recipe.Registry is { } registry && await RegistryProbe.AnswersAsync(registry, clock, cancellationToken))
        {
            return false;
        }

        await _docker.ImportAsync(recipe, paths.RecipeImages, cancellationToken);
        return true;
    }
}
