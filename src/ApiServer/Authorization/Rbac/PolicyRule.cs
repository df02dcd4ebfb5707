using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary>One rule of a role: verbs on resources of groups (of these names only, if there are any), or on paths that are not resources.</summary>
internal sealed record PolicyRule(
    IReadOnlyList<string> Verbs,
    IReadOnlyList<string> ApiGroups,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> ResourceNames,
    IReadOnlyList<string> NonResourceUrls)
{
    public const string All = "*";

    /// <summary>Everything: what who writes an aggregationRule must be allowed, since nobody knows what it will gather.</summary>
    public static IReadOnlyList<PolicyRule> FullAuthority { get; } = [new([All], [All], [All], [], []), new([All], [], [], [], [All])];

    public static PolicyRule Parse(JsonObject rule) =>
        new(Strings(rule, "verbs"), Strings(rule, "apiGroups"), Strings(rule, "resources"), Strings(rule, "resourceNames"), Strings(rule, "nonResourceURLs"));

    /// <summary>The rules of a Role or ClusterRole.</summary>
    public static IReadOnlyList<PolicyRule> ParseAll(JsonObject role) => [.. role.ObjectsAt("rules").Select(Parse)];

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (field, values) in Fields())
        {
            if (values.Count > 0)
            {
                json[field] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
            }
        }

        return json;
    }

    /// <summary>As upstream's messages have rules: <c>{APIGroups:[""], Resources:["pods"], Verbs:["get"]}</c>.</summary>
    public override string ToString()
    {
        (string Name, IReadOnlyList<string> Values)[] parts =
        [
            ("APIGroups", ApiGroups), ("Resources", Resources), ("NonResourceURLs", NonResourceUrls), ("ResourceNames", ResourceNames), ("Verbs", Verbs),
        ];
        return $"{{{string.Join(", ", parts.Where(part => part.Values.Count > 0).Select(part => $"{part.Name}:{GoText.QuoteAll(part.Values)}"))}}}";
    }

    /// <summary>A hot path: every request asks some dozens of rules.</summary>
    public bool Allows(RequestInfo request) => request.IsResourceRequest
        ? Matches(Verbs, request.Verb) && Matches(ApiGroups, request.Group) && MatchesResource(request) && MatchesName(request.ObjectName)
        : Matches(Verbs, request.Verb) && MatchesUrl(request.Path);

    private IEnumerable<(string Field, IReadOnlyList<string> Values)> Fields() =>
    [
        ("verbs", Verbs), ("apiGroups", ApiGroups), ("resources", Resources), ("resourceNames", ResourceNames), ("nonResourceURLs", NonResourceUrls),
    ];

    private bool MatchesResource(RequestInfo request)
    {
        foreach (var resource in Resources)
        {
            if (resource == All || IsResource(resource, request.Resource, request.Subresource))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>pods</c>, <c>pods/log</c>, or <c>*/scale</c>: that subresource of every resource.</summary>
    private static bool IsResource(string rule, string resource, string subresource)
    {
        if (subresource.Length == 0)
        {
            return rule == resource;
        }

        var slash = rule.Length - subresource.Length - 1;
        return slash > 0
            && rule[slash] == '/'
            && rule.EndsWith(subresource, StringComparison.Ordinal)
            && (rule.AsSpan(0, slash) is "*" || rule.AsSpan(0, slash).SequenceEqual(resource));
    }

    private bool MatchesName(string name) => ResourceNames.Count == 0 || Contains(ResourceNames, name);

    private bool MatchesUrl(string path)
    {
        foreach (var url in NonResourceUrls)
        {
            if (url == All || url == path || (url.EndsWith('*') && path.AsSpan().StartsWith(url.AsSpan().TrimEnd('*'))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(IReadOnlyList<string> values, string value)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] == All || values[i] == value)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(IReadOnlyList<string> values, string value)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] == value)
            {
                return true;
            }
        }

        return false;
    }

    private static string[] Strings(JsonObject rule, string field) =>
        rule[field] is JsonArray values ? [.. values.Select(value => value?.ToString() ?? "")] : [];
}
