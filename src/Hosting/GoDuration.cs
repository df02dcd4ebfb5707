using System.Buffers;
using System.CommandLine;
using System.Globalization;

namespace MiniKube.Hosting;

/// <summary>Durations as flags of Kubernetes write them: <c>15s</c>, <c>1m30s</c>, <c>500ms</c>, <c>1h</c>, <c>0</c>.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    // Longer units first: "ms" is not minutes.
    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ns", 0.01), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>An option whose value is such a duration.</summary>
    public static Option<TimeSpan> Option(string name, TimeSpan defaultValue, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParse(text, out var duration))
            {
                return duration;
            }

            result.AddError($"invalid argument \"{text}\" for \"{name}\" flag: time: invalid duration \"{text}\"");
            return default;
        },
    };

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        rest = negative || rest.StartsWith("+") ? rest[1..] : rest;
        if (rest is "0")
        {
            return true;
        }

        var ticks = 0.0;
        do
        {
            if (!TryTakePart(ref rest, out var part))
            {
                return false;
            }

            ticks += part;
        }
        while (rest.Length > 0);

        if (ticks > TimeSpan.MaxValue.Ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
        return true;
    }

    private static bool TryTakePart(ref ReadOnlySpan<char> rest, out double ticks)
    {
        ticks = 0;
        var length = rest.IndexOfAnyExcept(NumberCharacters);
        if (length <= 0 || !double.TryParse(rest[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[length..];
        foreach (var (unit, size) in Units)
        {
            if (rest.StartsWith(unit, StringComparison.Ordinal))
            {
                rest = rest[unit.Length..];
                ticks = number * size;
                return true;
            }
        }

        return false;
    }
}
