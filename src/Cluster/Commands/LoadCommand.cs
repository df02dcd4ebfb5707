using System.CommandLine;

using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Images;
using MiniKube.Cluster.Shell;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk load</c>: brings images to the nodes: from an archive, from the machine's own Docker, or from a registry.</summary>
internal static class LoadCommand
{
    private static readonly string[] ArchiveEndings = [".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst"];

    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("load", "Bring images to the nodes.");
        var name = new NameOption();
        var images = new Argument<string[]>("image|tar")
        {
            Description = "An archive of docker save, an image of the machine's own Docker, or an image to be pulled.",
            Arity = ArgumentArity.OneOrMore,
        };
        command.Options.Add(name);
        command.Arguments.Add(images);
        command.SetAction(async (result, cancellationToken) =>
        {
            Privileges.RequireRoot("load");
            var paths = name.Paths(result);
            var cluster = ClusterHosts.Of(paths, clock);
            if (cluster.Layout.Spec.HollowNodes > 0)
            {
                throw new ClusterException($"The nodes of cluster {paths.Name} are hollow: they need no images.");
            }

            foreach (var node in cluster.With(cluster.Layout.Nodes))
            {
                foreach (var image in result.GetValue(images) ?? [])
                {
                    console.WriteLine((await LoadAsync(new DockerEngine(node, clock), image, cancellationToken)).Trim());
                }
            }

            return 0;
        });
        return command;
    }

    private static Task<string> LoadAsync(DockerEngine docker, string image, CancellationToken cancellationToken)
    {
        if (File.Exists(image))
        {
            return LoadArchiveAsync(docker, image, cancellationToken);
        }

        return IsFileName(image)
            ? throw new ClusterException($"There is no file {image}.")
            : LoadImageAsync(docker, image, cancellationToken);
    }

    /// <summary>What no image can be called, or nobody would call one: it is not worth asking a registry for it.</summary>
    private static bool IsFileName(string word) =>
        word.StartsWith('/') || word.StartsWith('.') || ArchiveEndings.Any(ending => word.EndsWith(ending, StringComparison.Ordinal));

    private static async Task<string> LoadArchiveAsync(DockerEngine docker, string file, CancellationToken cancellationToken)
    {
        try
        {
            return await docker.LoadAsync(file, cancellationToken);
        }
        catch (CommandFailedException exception)
        {
            throw new ClusterException($"{file} could not be loaded; is it an archive that \"docker save\" wrote?\n{exception.Message}", exception);
        }
    }

    private static async Task<string> LoadImageAsync(DockerEngine docker, string image, CancellationToken cancellationToken)
    {
        var archive = Path.GetTempFileName();
        try
        {
            var (exitCode, _, _) = await CommandRunner.TryAsync("docker", ["save", "-o", archive, image], cancellationToken);
            return exitCode == 0
                ? await docker.LoadAsync(archive, cancellationToken)
                : $"Pulled image: {(await docker.PullAsync(image, cancellationToken)).Trim()}";
        }
        catch (CommandFailedException exception)
        {
            throw new ClusterException($"{image} is not a file, the machine's own Docker does not have it, and it could not be pulled.\n{exception.Message}", exception);
        }
        finally
        {
            File.Delete(archive);
        }
    }
}
