using MiniKube.Cluster.Images;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Steps;

/// <summary>Makes the root filesystems of the recipes' images, once for all clusters.</summary>
internal sealed class BuildImages(ClusterPaths paths) : IStep
{
    public string Title => "Images from recipes";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        if (ImageRecipe.All.All(recipe => File.Exists(Path.Combine(paths.RecipeImages, recipe.Tar))))
        {
            return null;
        }

        var recipes = Path.Combine(paths.RecipeImages, "recipes");
        Resource.Extract("images/", recipes);
        await CommandRunner.RunAsync("sh", [Path.Combine(recipes, "build.sh"), paths.RecipeImages], cancellationToken);
        return "built";
    }
}
