using System.Collections.Concurrent;

namespace MiniKube.Kubelet.Stats;

/// <summary>
/// How many nanoseconds of CPU a second something uses: between this reading and the one before. The first time it is the mean since the start, since nothing
/// is read while nobody asks.
/// </summary>
internal sealed class CpuRates
{
    // Closer readings say more about the clock's grain than about the load.
    private static readonly TimeSpan Closest = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Reading> _readings = [];

    public long Next(string key, ResourceUsage usage, DateTimeOffset startedAt)
    {
        var before = _readings.GetValueOrDefault(key);
        if (before is not null && usage.Time - before.Time < Closest)
        {
            return before.Rate;
        }

        var (since, counted) = before is not null && before.CpuNanoseconds <= usage.CpuNanoseconds ? (before.Time, before.CpuNanoseconds) : (startedAt, 0);
        var rate = Rate(usage.CpuNanoseconds - counted, usage.Time - since);
        _readings[key] = new Reading(usage.Time, usage.CpuNanoseconds, rate);
        return rate;
    }

    /// <summary>Forgets what is no longer there.</summary>
    public void Keep(IReadOnlySet<string> keys)
    {
        foreach (var key in _readings.Keys.Where(key => !keys.Contains(key)))
        {
            _readings.TryRemove(key, out _);
        }
    }

    private static long Rate(long nanoseconds, TimeSpan time) => time > TimeSpan.Zero ? (long)(nanoseconds / time.TotalSeconds) : 0;

    private sealed record Reading(DateTimeOffset Time, long CpuNanoseconds, long Rate);
}
