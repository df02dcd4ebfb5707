namespace MiniKube.ApiServer.WatchCache;

/// <summary>Tells every watch once a minute how far it has come, so that a client that saw nothing for long can still resume.</summary>
internal sealed class BookmarkService(CacherSet cachers, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var cacher in cachers.All)
            {
                cacher.SendBookmarks();
            }
        }
    }
}
