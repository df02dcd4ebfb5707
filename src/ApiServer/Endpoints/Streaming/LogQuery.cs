using System.Globalization;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>The query of a log (PodLogOptions), validated as upstream does, and as the kubelet is asked.</summary>
internal sealed class LogQuery(IQueryCollection query)
{
    private static readonly GroupVersionKind Kind = new("", "v1", "PodLogOptions");

    private readonly long? _tailLines = Number(query, "tailLines");
    private readonly long? _limitBytes = Number(query, "limitBytes");
    private readonly long? _sinceSeconds = Number(query, "sinceSeconds");
    private readonly DateTimeOffset? _sinceTime = Time(query, "sinceTime");

    /// <summary>Whether the kubelet's certificate is left unchecked.</summary>
    public bool SkipsVerification => QueryBoolean.Read(query, "insecureSkipTLSVerifyBackend");

    /// <summary>Throws the 422 that names every fault.</summary>
    public void Validate(string pod)
    {
        var errors = Faults().ToList();
        if (errors.Count > 0)
        {
            throw StatusException.Invalid(Kind, pod, errors);
        }
    }

    public override string ToString()
    {
        var parts = new List<string>();
        foreach (var name in (string[])["follow", "previous", "timestamps"])
        {
            if (QueryBoolean.Read(query, name))
            {
                parts.Add($"{name}=true");
            }
        }

        foreach (var (name, value) in ((string, long?)[])[("sinceSeconds", _sinceSeconds), ("tailLines", _tailLines), ("limitBytes", _limitBytes)])
        {
            if (value is { } number)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={number}"));
            }
        }

        if (_sinceTime is { } time)
        {
            parts.Add($"sinceTime={Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture))}");
        }

        return parts.Count > 0 ? $"?{string.Join('&', parts)}" : "";
    }

    private IEnumerable<FieldError> Faults()
    {
        if (_tailLines < 0)
        {
            yield return FieldError.Invalid("tailLines", _tailLines, "must be greater than or equal to 0");
        }

        if (_limitBytes < 1)
        {
            yield return FieldError.Invalid("limitBytes", _limitBytes, "must be greater than 0");
        }

        if (_sinceSeconds is not null && _sinceTime is not null)
        {
            yield return FieldError.Forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified");
        }
        else if (_sinceSeconds < 1)
        {
            yield return FieldError.Invalid("sinceSeconds", _sinceSeconds, "must be greater than 0");
        }

        if (query.ContainsKey("stream"))
        {
            yield return FieldError.Forbidden("stream", "may not be specified");
        }
    }

    private static long? Number(IQueryCollection query, string name)
    {
        if (query[name].FirstOrDefault() is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw StatusException.BadRequest($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
    }

    private static DateTimeOffset? Time(IQueryCollection query, string name)
    {
        if (query[name].FirstOrDefault() is not { Length: > 0 } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw StatusException.BadRequest($"parsing time {GoText.Quote(text)} as \"2006-01-02T15:04:05Z07:00\": cannot parse {GoText.Quote(text)} as \"2006\"");
    }
}
