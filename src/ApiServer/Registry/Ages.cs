using System.Globalization;

namespace MiniKube.ApiServer.Registry;

/// <summary>Durations as kubectl prints them: two units at most, the smaller ones only while they matter (upstream's duration.HumanDuration).</summary>
public static class Ages
{
    private const string Unknown = "<unknown>";

    public static string Since(string? timestamp, DateTimeOffset now) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start)
            ? Format(now - start)
            : Unknown;

    /// <summary>The age at any moment: the timestamp is read once.</summary>
    public static Func<DateTimeOffset, string> Since(string? timestamp) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start)
            ? now => Format(now - start)
            : _ => Unknown;

    public static string Format(TimeSpan age)
    {
        var seconds = (long)age.TotalSeconds;
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 120 => $"{seconds}s",
            < 600 => Join(seconds / 60, "m", seconds % 60, "s"),
            < 3 * 3600 => $"{seconds / 60}m",
            < 8 * 3600 => Join(seconds / 3600, "h", seconds / 60 % 60, "m"),
            < 48 * 3600 => $"{seconds / 3600}h",
            < 192 * 3600 => Join(seconds / 86400, "d", seconds / 3600 % 24, "h"),
            < 365 * 2 * 86400L => $"{seconds / 86400}d",
            < 365 * 8 * 86400L => Join(seconds / (365 * 86400), "y", seconds / 86400 % 365, "d"),
            _ => $"{seconds / (365 * 86400)}y",
        };
    }

    private static string Join(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
