namespace MiniKube.ControllerManager.Batch.CronJobs;

/// <summary>The times of a schedule that have come since a job was started last. Pure.</summary>
/// <param name="Last">The newest of them; null for none.</param>
/// <param name="TooMany">Whether they are more than a hundred: upstream's number, from which it warns of clocks that differ.</param>
internal readonly record struct MissedTimes(DateTime? Last, bool TooMany)
{
    private const int Many = 100;

    /// <param name="times">The schedule.</param>
    /// <param name="since">When a job was started last, or the CronJob was made.</param>
    /// <param name="deadline">Times before it do not count any more.</param>
    /// <param name="now">Times after it have not come.</param>
    public static MissedTimes Of(CronTimes times, DateTime since, DateTime? deadline, DateTime now)
    {
        var earliest = deadline > since ? deadline.Value : since;
        if (times.Next(earliest) is not { } first || first > now)
        {
            return default;
        }

        if (times.Next(first) is not { } second || second > now)
        {
            return new MissedTimes(first, false);
        }

        // A long sleep may have missed millions: only the last few are looked at, from where they should be by the interval.
        var missed = ((now - first).Ticks / (second - first).Ticks) + 1;
        var last = Newest(times, first + ((second - first) * (missed - 2)), now) ?? Newest(times, first, now) ?? first;
        return new MissedTimes(last, missed > Many);
    }

    private static DateTime? Newest(CronTimes times, DateTime from, DateTime now)
    {
        DateTime? newest = null;
        for (var next = times.Next(from); next <= now; next = times.Next(next.Value))
        {
            newest = next;
        }

        return newest;
    }
}
