using Cronos;

using MiniKube.Api.Serialization;

namespace MiniKube.ControllerManager.Batch.CronJobs;

/// <summary>The times of a schedule, in the way of the library that upstream reads it with: when both days are limited, either is enough.</summary>
internal sealed class CronTimes
{
    private const string Every = "@every ";

    private readonly List<CronExpression> _expressions = [];
    private readonly TimeZoneInfo _zone;
    private readonly TimeSpan? _interval;

    private CronTimes(string schedule, TimeZoneInfo zone)
    {
        _zone = zone;
        if (schedule.StartsWith(Every, StringComparison.Ordinal))
        {
            _interval = GoDuration.TryParse(schedule[Every.Length..], out var nanoseconds) ? TimeSpan.FromTicks(nanoseconds / 100) : throw new FormatException($"failed to parse duration {schedule}");
        }
        else
        {
            _expressions.AddRange(Alternatives(schedule).Select(text => CronExpression.Parse(text)));
        }
    }

    /// <param name="schedule">Five fields or a descriptor such as @hourly; a zone before them (<c>TZ=</c>) wins.</param>
    /// <param name="timeZone">An IANA name; null is this process's own.</param>
    /// <exception cref="FormatException">The schedule cannot be read.</exception>
    /// <exception cref="TimeZoneNotFoundException">There is no such zone.</exception>
    public static CronTimes Parse(string schedule, string? timeZone)
    {
        if (schedule.StartsWith("TZ=", StringComparison.Ordinal) || schedule.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var parts = schedule.Split(' ', 2, StringSplitOptions.TrimEntries);
            (timeZone, schedule) = (timeZone ?? parts[0][(parts[0].IndexOf('=', StringComparison.Ordinal) + 1)..], parts[^1]);
        }

        return new CronTimes(schedule, Zone(timeZone));
    }

    public static TimeZoneInfo Zone(string? timeZone) => string.IsNullOrEmpty(timeZone) ? TimeZoneInfo.Local : TimeZoneInfo.FindSystemTimeZoneById(timeZone);

    /// <returns>The first time after another; null when there is none any more, such as for the 31st of February.</returns>
    public DateTime? Next(DateTime after) => _interval is { } interval
        ? after.AddTicks(-(after.Ticks % TimeSpan.TicksPerSecond)) + (interval < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : interval)
        : _expressions.Select(expression => expression.GetNextOccurrence(DateTime.SpecifyKind(after, DateTimeKind.Utc), _zone)).Min();

    // The package asks for both days. A field that begins with a star limits nothing by itself.
    private static IEnumerable<string> Alternatives(string schedule)
    {
        var fields = schedule.Replace('?', '*').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields is [var minute, var hour, var day, var month, var weekday] && !day.Contains('*', StringComparison.Ordinal) && !weekday.Contains('*', StringComparison.Ordinal))
        {
            return [$"{minute} {hour} {day} {month} *", $"{minute} {hour} * {month} {weekday}"];
        }

        return [string.Join(' ', fields)];
    }
}
