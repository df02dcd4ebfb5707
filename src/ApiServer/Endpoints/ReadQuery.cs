using System.Globalization;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>The query of a list or watch (metav1.ListOptions), checked as upstream does.</summary>
internal sealed record ReadQuery
{
    private const string MatchField = "resourceVersionMatch";

    /// <summary>Seconds: no timer takes more than 49 days.</summary>
    private const long LongestTimeout = 4_000_000;

    private static readonly GroupVersionKind ListOptions = new("meta.k8s.io", "v1", "ListOptions");

    /// <summary>Null when unset; 0 is any version.</summary>
    public long? ResourceVersion { get; private init; }

    /// <summary>Exact, NotOlderThan or empty.</summary>
    public string Match { get; private init; } = "";

    /// <summary>0 is no limit.</summary>
    public long Limit { get; private init; }

    public string Continue { get; private init; } = "";

    public TimeSpan? Timeout { get; private init; }

    public bool AllowWatchBookmarks { get; private init; }

    /// <summary>Null when the client does not say.</summary>
    public bool? SendInitialEvents { get; private init; }

    public required ObjectFilter Filter { get; init; }

    public static ReadQuery Parse(ApiRequest request, ServedResource resource, bool isWatch)
    {
        var query = request.Http.Request.Query;
        var read = new ReadQuery
        {
            ResourceVersion = isWatch ? ParseWatchVersion(query["resourceVersion"].ToString(), resource) : ParseVersion(query["resourceVersion"].ToString()),
            Match = query["resourceVersionMatch"].ToString(),
            Limit = ParseNumber(query, "limit") ?? 0,
            Continue = query["continue"].ToString(),
            Timeout = ParseNumber(query, "timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(Math.Min(seconds, LongestTimeout)) : null,
            AllowWatchBookmarks = QueryBoolean.Read(query, "allowWatchBookmarks"),
            SendInitialEvents = query.ContainsKey("sendInitialEvents") ? QueryBoolean.Read(query, "sendInitialEvents") : null,
            Filter = ParseFilter(request.Info, resource, query),
        };
        var errors = (isWatch ? read.ValidateWatch() : read.ValidateList()).ToList();
        return errors.Count == 0 ? read : throw StatusException.Invalid(ListOptions, "", errors);
    }

    /// <summary>The version that a get or list asks for; one that no number of 64 bits holds is refused, a larger one than any store has is far in the future.</summary>
    public static long? ParseVersion(string text) => TryParseVersion(text, out var version) is { } fault
        ? throw StatusException.BadRequest($"invalid resource version: {fault}")
        : version;

    // Upstream finds the same fault at another place for a watch, and words it as one of the resource.
    private static long? ParseWatchVersion(string text, ServedResource resource) => TryParseVersion(text, out var version) is { } fault
        ? throw StatusException.Invalid(new GroupVersionKind(resource.Name.Group, resource.Name.Version, resource.Name.Resource), "", [fault])
        : version;

    private static FieldError? TryParseVersion(string text, out long? version)
    {
        version = null;
        if (text.Length == 0)
        {
            return null;
        }

        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return FieldError.Invalid("resourceVersion", text, $"strconv.ParseUint: parsing {GoText.Quote(text)}: {Fault(text, isSigned: false)}");
        }

        version = (long)Math.Min(number, long.MaxValue);
        return null;
    }

    // Go tells numbers that are too large from what is none.
    private static string Fault(string text, bool isSigned) =>
        (isSigned ? text.TrimStart('-', '+') : text) is { Length: > 0 } digits && digits.All(char.IsAsciiDigit) ? "value out of range" : "invalid syntax";

    private static ObjectFilter ParseFilter(RequestInfo info, ServedResource resource, IQueryCollection query)
    {
        var strategy = resource.Strategy;
        var fields = FieldSelector.Parse(query["fieldSelector"].ToString());
        foreach (var requirement in fields.Requirements)
        {
            if (!strategy.CanSelectBy(requirement.Field))
            {
                throw StatusException.BadRequest(strategy.UnsupportedField(requirement.Field));
            }
        }

        if (info.Name.Length > 0)
        {
            // A path that names one object (a watch of it) is a selector, too.
            if (!fields.MatchesEverything && fields.RequiredValue("metadata.name") != info.Name)
            {
                throw StatusException.BadRequest("fieldSelector metadata.name doesn't match requested name");
            }

            fields = fields.MatchesEverything ? FieldSelector.FromEquals("metadata.name", info.Name) : fields;
        }

        var labels = LabelSelector.Parse(query["labelSelector"].ToString());
        return new ObjectFilter(strategy.NamespaceScoped, strategy.NamespaceScoped ? info.Namespace : "", labels, fields, strategy.IndexedField);
    }

    private static long? ParseNumber(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw StatusException.BadRequest($"strconv.ParseInt: parsing {GoText.Quote(text)}: {Fault(text, isSigned: true)}");
    }

    private IEnumerable<FieldError> ValidateList()
    {
        if (Match.Length > 0)
        {
            if (ResourceVersion is null)
            {
                yield return FieldError.Forbidden(MatchField, "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }

            if (Continue.Length > 0)
            {
                yield return FieldError.Forbidden(MatchField, "resourceVersionMatch is forbidden when continue is provided");
            }

            if (Match is not "Exact" and not "NotOlderThan")
            {
                yield return FieldError.NotSupported(MatchField, Match, "Exact", "NotOlderThan", "");
            }

            if (Match == "Exact" && ResourceVersion == 0)
            {
                yield return FieldError.Forbidden(MatchField, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }

        if (SendInitialEvents is not null)
        {
            yield return FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
    }

    private IEnumerable<FieldError> ValidateWatch()
    {
        if (SendInitialEvents is not null && Match != "NotOlderThan")
        {
            yield return FieldError.Forbidden(MatchField, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }

        if (Match.Length == 0)
        {
            yield break;
        }

        if (SendInitialEvents is null)
        {
            yield return FieldError.Forbidden(MatchField, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }

        if (Match != "NotOlderThan")
        {
            yield return FieldError.NotSupported(MatchField, Match, "NotOlderThan");
        }

        if (Continue.Length > 0)
        {
            yield return FieldError.Forbidden(MatchField, "resourceVersionMatch is forbidden when continue is provided");
        }
    }
}
