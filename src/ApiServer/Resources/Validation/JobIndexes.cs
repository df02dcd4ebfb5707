using System.Globalization;

using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Indexes of a job's pods as text: rising numbers and intervals, such as <c>1,3-5,7</c>.</summary>
internal static class JobIndexes
{
    /// <summary>How many they are, or what is wrong.</summary>
    public static (long Total, string? Fault) Count(string indexes, long completions)
    {
        long total = 0;
        long? last = null;
        foreach (var interval in indexes.Length == 0 ? [] : indexes.Split(','))
        {
            if (Parse(interval, completions, out var first, out var end) is { } fault)
            {
                return (0, fault);
            }

            if (last >= first)
            {
                return (0, $"non-increasing order, previous: {last}, current: {first}");
            }

            total += end - first + 1;
            last = end;
        }

        return (total, null);
    }

    /// <summary>The first index that is in both; null when there is none. What cannot be read is told of elsewhere.</summary>
    public static long? Overlap(string some, string others, long completions)
    {
        var intervals = Readable(others, completions).ToList();
        foreach (var (first, end) in Readable(some, completions))
        {
            foreach (var (otherFirst, otherEnd) in intervals)
            {
                if (first <= otherEnd && otherFirst <= end)
                {
                    return Math.Max(first, otherFirst);
                }
            }
        }

        return null;
    }

    private static IEnumerable<(long First, long End)> Readable(string indexes, long completions) =>
        from interval in indexes.Split(',', StringSplitOptions.RemoveEmptyEntries)
        let isGood = Parse(interval, completions, out _, out _) is null
        where isGood
        let limits = interval.Split('-')
        select (long.Parse(limits[0], CultureInfo.InvariantCulture), long.Parse(limits[^1], CultureInfo.InvariantCulture));

    private static string? Parse(string interval, long completions, out long first, out long end)
    {
        (first, end) = (0, 0);
        var limits = interval.Split('-');
        if (limits.Length > 2)
        {
            return $"the fragment {GoText.Quote(interval)} violates the requirement that an index interval can have at most two parts separated by '-'";
        }

        if (Index(limits[0], completions, out first) is { } fault)
        {
            return fault;
        }

        end = first;
        if (limits.Length == 1)
        {
            return null;
        }

        return Index(limits[1], completions, out end) is { } other ? other
            : first >= end ? $"non-increasing order, previous: {first}, current: {end}"
            : null;
    }

    private static string? Index(string text, long completions, out long index) =>
        !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index) ? $"cannot convert string to integer for index: {GoText.Quote(text)}"
        : index >= completions ? $"too large index: {GoText.Quote(text)}"
        : null;
}
