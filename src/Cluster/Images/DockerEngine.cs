using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Images;

/// <summary>A node's Docker Engine, by the docker command of the machine: the host's socket is reached through the root of its PID 1.</summary>
internal sealed class DockerEngine(Host host, TimeProvider clock)
{
    // What Docker itself gives a container by default.
    private const string StopSeconds = "10";

    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            // To run docker costs more than to look: a machine that starts a cluster has no time to spare.
            var (exitCode, error) = (1, "it has no socket");
            if (File.Exists(host.DockerSocket))
            {
                (exitCode, _, error) = await CommandRunner.TryAsync("docker", ["-H", host.DockerHost, "version"], cancellationToken);
            }

            if (exitCode == 0)
            {
                return;
            }

            if (clock.GetElapsedTime(started) > limit)
            {
                throw new ClusterException($"Docker did not start on {host.Name}: {error.Trim()}\nIts log: mk logs dockerd");
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }
    }

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken) =>
        (await CommandRunner.TryAsync("docker", ["-H", host.DockerHost, "version"], cancellationToken)).ExitCode == 0;

    /// <summary>The names of the images that are there, as <c>name:tag</c>.</summary>
    public async Task<IReadOnlySet<string>> ImagesAsync(CancellationToken cancellationToken) =>
        (await RunAsync(["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"], cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();

    public Task ImportAsync(ImageRecipe recipe, string folder, CancellationToken cancellationToken) =>
        RunAsync(["import", .. recipe.Changes.SelectMany(change => (string[])["-c", change]), Path.Combine(folder, recipe.Tar), recipe.Name], cancellationToken);

    /// <summary>Loads an archive that <c>docker save</c> wrote, and returns what Docker said.</summary>
    public Task<string> LoadAsync(string archive, CancellationToken cancellationToken) => RunAsync(["load", "-i", archive], cancellationToken);

    public Task<string> PullAsync(string image, CancellationToken cancellationToken) => RunAsync(["pull", "-q", image], cancellationToken);

    /// <summary>Asks every container to end, all at once. What does not, or has gone meanwhile, is no failure: its host ends next.</summary>
    public async Task StopContainersAsync(CancellationToken cancellationToken)
    {
        if ((await RunAsync(["ps", "-q"], cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } containers)
        {
            await CommandRunner.TryAsync("docker", ["-H", host.DockerHost, "stop", "-t", StopSeconds, .. containers], cancellationToken);
        }
    }

    /// <summary>Removes every container, so that what stays of the engine's data are the images.</summary>
    public async Task RemoveContainersAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while ((await RunAsync(["ps", "-aq"], cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } containers)
        {
            var (exitCode, _, error) = await CommandRunner.TryAsync("docker", ["-H", host.DockerHost, "rm", "-f", .. containers], cancellationToken);
            if (exitCode != 0 && clock.GetElapsedTime(started) > RemovalLimit)
            {
                throw new ClusterException($"Docker on {host.Name} did not remove its containers: {error.Trim()}");
            }

            // The kubelet may be removing some of them at the same time; Docker refuses to do it twice.
            await Task.Delay(Poll, clock, cancellationToken);
        }
    }

    private Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync("docker", ["-H", host.DockerHost, .. arguments], cancellationToken);
}
