using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Runtime;

/// <summary>
/// Tells the sync loop when something of a pod changed in the runtime: at once by the runtime's events, and by listing everything now and then, which
/// finds what an event lost did not tell.
/// </summary>
internal sealed partial class PodLifecycleEventGenerator(
    IContainerRuntime runtime, SyncQueue queue, RuntimeHealth health, TimeProvider clock, ILogger<PodLifecycleEventGenerator> logger)
{
    private static readonly TimeSpan RelistPeriod = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RelistLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private Dictionary<string, string> _seen = [];

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(WatchAsync(cancellationToken), RelistAsync(cancellationToken));

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var uid in runtime.WatchAsync(cancellationToken))
                {
                    queue.Add(new SyncEvent.PodChanged(uid));
                }
            }
            catch (ContainerRuntimeException exception)
            {
                Log.WatchFailed(logger, exception.Message);
            }

            await Task.Delay(RetryDelay, clock, cancellationToken);
        }
    }

    private async Task RelistAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RelistPeriod, clock);
        do
        {
            try
            {
                await RelistOnceAsync(cancellationToken);
                health.Set("");
            }
            catch (Exception exception) when (exception is ContainerRuntimeException or TimeoutException)
            {
                Log.RelistFailed(logger, exception.Message);
                health.Set("container runtime is down");
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task RelistOnceAsync(CancellationToken cancellationToken)
    {
        var pods = await runtime.ListPodsAsync(cancellationToken).WaitAsync(RelistLimit, clock, cancellationToken);
        var now = pods.ToDictionary(pod => pod.Uid, Fingerprint);
        foreach (var uid in now.Keys.Union(_seen.Keys).Where(uid => now.GetValueOrDefault(uid) != _seen.GetValueOrDefault(uid)))
        {
            queue.Add(new SyncEvent.PodChanged(uid));
        }

        _seen = now;
        queue.Add(new SyncEvent.Relisted(pods));
    }

    private static string Fingerprint(RuntimePod pod) => string.Join(' ',
        pod.Sandboxes.Select(sandbox => $"{sandbox.Id}={sandbox.Ready}").Concat(pod.Containers.Select(container => $"{container.Id}={container.State}")).Order(StringComparer.Ordinal));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The runtime's event stream ended, opening it again: {Problem}")]
        public static partial void WatchFailed(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Warning, "The runtime could not list its pods: {Problem}")]
        public static partial void RelistFailed(ILogger logger, string problem);
    }
}
