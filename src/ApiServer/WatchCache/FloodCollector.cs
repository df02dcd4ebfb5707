namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// Gives back the memory of thousands of watches that have ended. The garbage collector runs when more is asked for: a server that is idle after a flood would
/// keep what the flood has cost for hours. It pauses the server once, for as long as a full collection takes.
/// </summary>
internal sealed class FloodCollector(Func<int> countWatches, TimeProvider clock, Action collect) : BackgroundService
{
    private const int Flood = 2000;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private int _most;

    /// <summary>Everything, so that the freed pages go back to the system.</summary>
    public static void CollectAll() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var open = countWatches();
            _most = Math.Max(_most, open);
            if (_most - open >= Flood && open < _most / 2)
            {
                collect();
                _most = open;
            }
        }
    }
}
