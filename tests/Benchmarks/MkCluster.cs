using MiniKube.Client;
using MiniKube.TestSupport;

namespace MiniKube.Benchmarks;

/// <summary>A cluster of <c>mk</c> that is measured.</summary>
internal sealed class MkCluster(string name)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs <c>mk VERB --name NAME …</c>, which must succeed, and returns what it printed.</summary>
    public async Task<string> MkAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => (await CommandRunner.RunAsync(
        Path.Combine(RepositoryRoot.Path, "mk"),
        [arguments[0], "--name", name, .. arguments.Skip(1)],
        new CommandInput { Timeout = Limit },
        cancellationToken)).EnsureSuccess().Output;

    /// <summary>Runs a shell script on the host node1.</summary>
    public Task<string> OnNodeAsync(string script, CancellationToken cancellationToken) => MkAsync(["host", "node1", "--", "sh", "-c", script], cancellationToken);

    public ApiConnection Connect() => new(new KubernetesClientOptions
    {
        Kubeconfig = Path.Combine(RepositoryRoot.Path, ".mk", name, "kubeconfig"),
        Component = "benchmark",
    });
}
