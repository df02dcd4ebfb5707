using System.Globalization;

namespace MiniKube.Api.Serialization;

/// <summary>The two forms of time in the API, both in UTC: whole seconds (Time) and microseconds (MicroTime).</summary>
public static class Timestamps
{
    /// <summary>Of a Time in UTC with whole seconds: only that form is as short.</summary>
    internal const int CanonicalLength = 20;

    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const string Micros = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    // RFC 3339 with any number of decimals up to .NET's precision.
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture);

    public static string FormatMicroTime(DateTimeOffset time) => time.UtcDateTime.ToString(Micros, CultureInfo.InvariantCulture);

    /// <summary>Reads RFC 3339; false for anything else, also for a time without a zone.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;

        // Nearly all are of this form, and one pod has a dozen.
        if (text.Length == CanonicalLength && text[19] == 'Z')
        {
            return DateTimeOffset.TryParseExact(text, Seconds, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
        }

        // K takes a time without a zone, RFC 3339 does not.
        return HasZone(text)
            && DateTimeOffset.TryParseExact(TrimDecimals(text), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    private static bool HasZone(string text) =>
        text.Length >= 20 && (text[19] != '.' || char.IsAsciiDigit(text[20])) && (text[^1] == 'Z' || (text[^3] == ':' && text[^6] is '+' or '-'));

    // Go reads nanoseconds and more; .NET seven decimals.
    private static string TrimDecimals(string text)
    {
        if (text[19] != '.')
        {
            return text;
        }

        var end = 20;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - 20 > 7 ? string.Concat(text.AsSpan(0, 27), text.AsSpan(end)) : text;
    }
}
