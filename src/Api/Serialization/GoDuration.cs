using System.Buffers;
using System.Globalization;

namespace MiniKube.Api.Serialization;

/// <summary>Go's text form of durations: <c>1h15m30.5s</c>. In nanoseconds, as Go counts.</summary>
public static class GoDuration
{
    private static readonly (string Unit, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ];

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        var rest = text.AsSpan();
        var negative = rest.StartsWith('-');
        rest = rest.StartsWith('-') || rest.StartsWith('+') ? rest[1..] : rest;
        if (rest.SequenceEqual("0"))
        {
            return true;
        }

        var total = 0m;
        do
        {
            if (!TryTakePart(ref rest, out var part))
            {
                return false;
            }

            total += part;
        }
        while (rest.Length > 0 && total <= long.MaxValue);

        nanoseconds = total <= long.MaxValue ? (negative ? -(long)total : (long)total) : 0;
        return total <= long.MaxValue;
    }

    public static string Format(TimeSpan duration) => Format(duration.Ticks * TimeSpan.NanosecondsPerTick);

    public static string Format(long nanoseconds)
    {
        var sign = nanoseconds < 0 ? "-" : "";
        var value = Math.Abs((decimal)nanoseconds);
        return sign + value switch
        {
            0 => "0s",
            < 1_000 => $"{Number(value)}ns",
            < 1_000_000 => $"{Number(value / 1_000)}µs",
            < 1_000_000_000 => $"{Number(value / 1_000_000)}ms",
            _ => FormatSeconds(value / 1_000_000_000),
        };
    }

    private static string FormatSeconds(decimal seconds)
    {
        var minutes = Math.Floor(seconds / 60);
        var hours = Math.Floor(minutes / 60);
        return (hours > 0 ? $"{Number(hours)}h" : "") + (minutes > 0 ? $"{Number(minutes % 60)}m" : "") + $"{Number(seconds % 60)}s";
    }

    private static string Number(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private static bool TryTakePart(ref ReadOnlySpan<char> rest, out decimal nanoseconds)
    {
        nanoseconds = 0;
        var digits = rest.IndexOfAnyExcept(NumberCharacters);
        if (digits <= 0 || digits > 20 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[digits..];
        var end = rest.IndexOfAny(NumberCharacters);
        var unit = (end < 0 ? rest : rest[..end]).ToString();
        rest = rest[unit.Length..];
        var factor = Array.Find(Units, candidate => candidate.Unit == unit).Nanoseconds;
        nanoseconds = number * factor;
        return factor > 0;
    }
}
