using System.Globalization;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Says what is wrong with a schedule in the words of the library that upstream reads them with (robfig/cron's ParseStandard). Cost is linear in the text.</summary>
internal static class CronSchedule
{
    private static readonly string[] Descriptors = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

    private static readonly (int Least, int Most, string[] Names)[] Fields =
    [
        (0, 59, []),
        (0, 23, []),
        (1, 31, []),
        (1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        (0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    /// <summary>Null when the schedule is good.</summary>
    public static string? Fault(string schedule)
    {
        if (schedule.StartsWith("TZ=", StringComparison.Ordinal) || schedule.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var space = schedule.IndexOf(' ', StringComparison.Ordinal);
            var zone = schedule[(schedule.IndexOf('=', StringComparison.Ordinal) + 1)..(space < 0 ? schedule.Length : space)];
            if (!TimeZones.Exists(zone))
            {
                return $"provided bad location {zone}: unknown time zone {zone}";
            }

            schedule = space < 0 ? "" : schedule[space..].Trim();
        }

        if (schedule.StartsWith('@'))
        {
            return Descriptor(schedule);
        }

        var fields = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != Fields.Length)
        {
            return $"expected exactly {Fields.Length} fields, found {fields.Length}: [{string.Join(' ', fields)}]";
        }

        return fields.Zip(Fields, (text, field) => text.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(part => Range(part, field))
                .FirstOrDefault(fault => fault is not null))
            .FirstOrDefault(fault => fault is not null);
    }

    private static string? Descriptor(string schedule)
    {
        const string Every = "@every ";
        if (schedule.StartsWith(Every, StringComparison.Ordinal))
        {
            return GoDuration.TryParse(schedule[Every.Length..], out _)
                ? null
                : $"failed to parse duration {schedule}: time: invalid duration {GoText.Quote(schedule[Every.Length..])}";
        }

        return Descriptors.Contains(schedule) ? null : $"unrecognized descriptor: {schedule}";
    }

    private static string? Range(string text, (int Least, int Most, string[] Names) field)
    {
        var parts = text.Split('/');
        var limits = parts[0].Split('-');
        var isStar = limits[0] is "*" or "?";
        int start = field.Least, end = field.Most, step = 1;
        string? fault = null;
        if (!isStar)
        {
            fault = NumberOrName(limits[0], field, out start);
            end = start;
            if (fault is null && limits.Length == 2)
            {
                fault = NumberOrName(limits[1], field, out end);
            }
            else if (fault is null && limits.Length > 2)
            {
                fault = $"too many hyphens: {text}";
            }
        }

        if (fault is not null)
        {
            return fault;
        }

        if (parts.Length > 2)
        {
            return $"too many slashes: {text}";
        }

        if (parts.Length == 2)
        {
            fault = Number(parts[1], out step);
            end = limits.Length == 1 ? field.Most : end;
        }

        return fault ?? Bounds(text, start, end, step, field);
    }

    private static string? Bounds(string text, int start, int end, int step, (int Least, int Most, string[] Names) field) =>
        start < field.Least ? $"beginning of range ({start}) below minimum ({field.Least}): {text}"
        : end > field.Most ? $"end of range ({end}) above maximum ({field.Most}): {text}"
        : start > end ? $"beginning of range ({start}) beyond end of range ({end}): {text}"
        : step == 0 ? $"step of range should be a positive number: {text}"
        : null;

    private static string? NumberOrName(string text, (int Least, int Most, string[] Names) field, out int number)
    {
        var index = Array.IndexOf(field.Names, text.ToLowerInvariant());
        number = index + field.Least;
        return index >= 0 ? null : Number(text, out number);
    }

    private static string? Number(string text, out int number)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            number = 0;
            var why = text.Length > 0 && text.TrimStart('+', '-').All(char.IsAsciiDigit) ? "value out of range" : "invalid syntax";
            return $"failed to parse int from {text}: strconv.Atoi: parsing {GoText.Quote(text)}: {why}";
        }

        number = (int)Math.Clamp(value, int.MinValue, int.MaxValue);
        return value < 0 ? $"negative number ({value}) not allowed: {text}" : null;
    }
}
