namespace MiniKube.Hosting;

/// <summary>
/// Gives memory back while nothing happens. The collector works when memory is asked for, so what a burst of requests left behind would stay until the next one:
/// when the process has been quiet for a moment and has made garbage since the last time, everything is collected once and the rest returned to the system.
/// </summary>
public sealed class IdleMemory : IDisposable
{
    private const long WorthwhileBytes = 8L << 20;

    /// <summary>Of one core's time: less is nothing that a pause of some hundredths of a second could hold up.</summary>
    private const double QuietPart = 0.1;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;
    private long _collectedAt;
    private TimeSpan _processorTime = Environment.CpuUsage.TotalTime;

    public IdleMemory(TimeProvider clock) => _timer = clock.CreateTimer(_ => Look(), null, Period, Period);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var before = _processorTime;
        _processorTime = Environment.CpuUsage.TotalTime;
        var garbage = GC.GetTotalAllocatedBytes() - _collectedAt;
        if (_processorTime - before > Period * QuietPart || garbage < Math.Max(WorthwhileBytes, GC.GetTotalMemory(forceFullCollection: false) / 2))
        {
            return;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _collectedAt = GC.GetTotalAllocatedBytes();
        _processorTime = Environment.CpuUsage.TotalTime;
    }
}
