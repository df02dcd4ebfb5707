using System.Globalization;

using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Server;

/// <summary>The query of a log request. Error says what is wrong with it.</summary>
internal sealed record LogQuery(LogOptions Options, bool Previous, string? Error)
{
    public static LogQuery Parse(IQueryCollection query, TimeProvider clock)
    {
        var errors = new List<string>();
        var since = ReadNumber(query, "sinceSeconds", 1, errors) is { } ago ? clock.GetUtcNow() - TimeSpan.FromSeconds(ago) : ReadTime(query, "sinceTime", errors);
        var options = new LogOptions
        {
            Follow = IsTrue(query, "follow"),
            Timestamps = IsTrue(query, "timestamps"),
            TailLines = ReadNumber(query, "tailLines", 0, errors),
            LimitBytes = ReadNumber(query, "limitBytes", 1, errors),
            Since = since,
        };
        return new LogQuery(options, IsTrue(query, "previous"), errors.FirstOrDefault());
    }

    private static long? ReadNumber(IQueryCollection query, string name, long least, List<string> errors)
    {
        if (query[name].FirstOrDefault() is not { Length: > 0 } text)
        {
            return null;
        }

        if (long.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least)
        {
            return number;
        }

        errors.Add($"invalid value \"{text}\" for {name}");
        return null;
    }

    private static DateTimeOffset? ReadTime(IQueryCollection query, string name, List<string> errors)
    {
        if (query[name].FirstOrDefault() is not { Length: > 0 } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        errors.Add($"invalid value \"{text}\" for {name}");
        return null;
    }

    // As Go reads booleans of a query: there and not false is true.
    private static bool IsTrue(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var values) && values.FirstOrDefault() is not ("0" or "false" or "False" or "FALSE" or "f" or "F");
}
