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

    public bool SendInitialEvents { get; private init; }

    public required ObjectFilter Filter { get; init; }

    public static ReadQuery Parse(ApiRequest request, ServedResource resource, bool isWatch)
    {
        var query = request.Http.Request.Query;
        var read = new ReadQuery
        {
            ResourceVersion = ParseVersion(query["resourceVersion"].ToString()),
            Match = query["resourceVersionMatch"].ToString(),
            Limit = ParseNumber(query, "limit") ?? 0,
            Continue = query["continue"].ToString(),
            Timeout = ParseNumber(query, "timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)) : null,
            AllowWatchBookmarks = QueryBoolean.Read(query, "allowWatchBookmarks"),
            SendInitialEvents = QueryBoolean.Read(query, "sendInitialEvents"),
            Filter = ParseFilter(request.Info, resource, query),
        };
        var errors = read.Validate(isWatch, query.ContainsKey("sendInitialEvents")).ToList();
        return errors.Count == 0 ? read : throw StatusException.Invalid(ListOptions, "", errors);
    }

    public static long? ParseVersion(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw StatusException.Invalid(ListOptions, "", [FieldError.Invalid("resourceVersion", text, $"strconv.ParseUint: parsing {GoText.Quote(text)}: invalid syntax")]);
    }

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

        // A path that names one object (a watch of it) is a selector, too.
        fields = info.Name.Length > 0 ? FieldSelector.Parse(string.Join(',', [$"metadata.name={info.Name}", .. fields.Requirements.Select(term => term.ToString())])) : fields;
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
            : throw StatusException.BadRequest($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
    }

    private IEnumerable<FieldError> Validate(bool isWatch, bool namesInitialEvents)
    {
        if (Limit < 0)
        {
            yield return FieldError.Invalid("limit", Limit, "must be a positive number");
        }

        if (namesInitialEvents)
        {
            if (!isWatch)
            {
                yield return FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
            }
            else if (Match != "NotOlderThan")
            {
                yield return FieldError.Forbidden(
                    "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
            }
        }

        if (Match.Length > 0)
        {
            foreach (var error in ValidateMatch(isWatch, namesInitialEvents))
            {
                yield return error;
            }
        }
    }

    private IEnumerable<FieldError> ValidateMatch(bool isWatch, bool namesInitialEvents)
    {
        if (isWatch && !namesInitialEvents)
        {
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }

        if (ResourceVersion is null && !namesInitialEvents)
        {
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }

        if (Continue.Length > 0)
        {
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        }

        if (Match is not "Exact" and not "NotOlderThan")
        {
            yield return FieldError.NotSupported("resourceVersionMatch", Match, "Exact", "NotOlderThan", "");
        }

        if (Match == "Exact" && ResourceVersion == 0)
        {
            yield return FieldError.Forbidden("resourceVersionMatch", "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
        }
    }
}
