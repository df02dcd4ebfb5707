using MiniKube.Cluster.Control;
using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Steps;

/// <summary>Waits until the API server says that it is ready.</summary>
internal sealed class WaitForApiServer(ClusterPaths paths, ClusterSpec spec, TimeProvider clock) : IStep
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public string Title => "API server ready";

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var probe = new ApiProbe(spec.Port, ClusterPki.LoadOrCreate(paths.Pki, clock.GetUtcNow()));
        var started = clock.GetTimestamp();
        while (await probe.WhyNotReadyAsync(cancellationToken) is { } reason)
        {
            if (clock.GetElapsedTime(started) > Limit)
            {
                throw new ClusterException($"The API server is not ready after {Limit.TotalSeconds:0} s: {reason}\nIts log: mk logs controlplane --name {paths.Name}");
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }

        return null;
    }
}
