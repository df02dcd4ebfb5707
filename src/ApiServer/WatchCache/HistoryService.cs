namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// Lets the history of changes go that is older than five to six minutes: as long as upstream's store keeps revisions before it is compacted. So the memory of
/// a burst of changes comes back.
/// </summary>
internal sealed class HistoryService(CacherSet cachers, CacheProgress progress, TimeProvider clock) : BackgroundService
{
    private const int KeptPeriods = 5;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var revisions = new Queue<long>();
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            revisions.Enqueue(progress.Revision);
            if (revisions.Count > KeptPeriods)
            {
                var old = revisions.Dequeue();
                foreach (var cacher in cachers.All)
                {
                    cacher.Forget(old);
                }
            }
        }
    }
}
