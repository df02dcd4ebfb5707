using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.FlowControl;

/// <summary>One rule of a FlowSchema (PolicyRulesWithSubjects): these subjects, asking for these resources or paths.</summary>
internal sealed class FlowRule
{
    private const string Any = "*";

    private readonly List<FlowSubject> _subjects;
    private readonly List<ResourceRule> _resources;
    private readonly List<PathRule> _paths;

    public FlowRule(JsonObject rule)
    {
        _subjects = [.. rule.ObjectsAt("subjects").Select(FlowSubject.Of)];
        _resources = [.. rule.ObjectsAt("resourceRules").Select(resource => new ResourceRule(
            Texts(resource, "verbs"),
            Texts(resource, "apiGroups"),
            Texts(resource, "resources"),
            Texts(resource, "namespaces"),
            resource["clusterScope"]?.GetValue<bool>() ?? false))];
        _paths = [.. rule.ObjectsAt("nonResourceRules").Select(path => new PathRule(Texts(path, "verbs"), Texts(path, "nonResourceURLs")))];
    }

    public bool Matches(UserInfo user, RequestInfo info)
    {
        foreach (var subject in _subjects)
        {
            if (subject.Matches(user))
            {
                return info.IsResourceRequest ? _resources.Exists(rule => rule.Matches(info)) : _paths.Exists(rule => rule.Matches(info));
            }
        }

        return false;
    }

    private static string[] Texts(JsonObject rule, string field) => [.. (rule[field] as JsonArray ?? []).Select(text => text?.ToString() ?? "")];

    private static bool Has(string[] texts, string text) => Array.Exists(texts, one => one == Any || one == text);

    private sealed record ResourceRule(string[] Verbs, string[] Groups, string[] Resources, string[] Namespaces, bool ClusterScope)
    {
        public bool Matches(RequestInfo info) =>
            Has(Verbs, info.Verb)
            && Has(Groups, info.Group)
            && Has(Resources, info.Subresource.Length == 0 ? info.Resource : $"{info.Resource}/{info.Subresource}")
            && (info.Namespace.Length == 0 ? ClusterScope : Has(Namespaces, info.Namespace));
    }

    private sealed record PathRule(string[] Verbs, string[] Paths)
    {
        public bool Matches(RequestInfo info) => Has(Verbs, info.Verb) && (Has(Paths, info.Path) || Array.Exists(Paths, path => IsBelow(info.Path, path)));

        private static bool IsBelow(string path, string prefix) => prefix.EndsWith("/*", StringComparison.Ordinal) && path.StartsWith(prefix[..^1], StringComparison.Ordinal);
    }
}
