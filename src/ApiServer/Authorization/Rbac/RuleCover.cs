namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary>Compares what rules allow: which of the rules somebody wants to give does one not have oneself?</summary>
internal static class RuleCover
{
    /// <summary>The wanted rights, each by itself, that no single owned rule includes.</summary>
    public static IReadOnlyList<PolicyRule> Missing(IReadOnlyList<PolicyRule> owned, IReadOnlyList<PolicyRule> wanted) =>
        [.. wanted.SelectMany(BreakDown).Where(right => !owned.Any(rule => Includes(rule, right)))];

    /// <summary>Rights to the same resource (and name) as one rule with all their verbs; so that a message and a role stay short.</summary>
    public static IReadOnlyList<PolicyRule> Compact(IReadOnlyList<PolicyRule> rules)
    {
        var compacted = new List<PolicyRule>();
        var simple = new Dictionary<(string Group, string Resource, string? Name), int>();
        foreach (var rule in rules)
        {
            if (rule is not { ApiGroups: [var group], Resources: [var resource], ResourceNames.Count: <= 1, NonResourceUrls: [] })
            {
                compacted.Add(rule);
            }
            else if (simple.TryGetValue((group, resource, NameOf(rule)), out var index))
            {
                compacted[index] = compacted[index] with { Verbs = [.. compacted[index].Verbs.Union(rule.Verbs, StringComparer.Ordinal)] };
            }
            else
            {
                simple[(group, resource, NameOf(rule))] = compacted.Count;
                compacted.Add(rule);
            }
        }

        return compacted;
    }

    private static string? NameOf(PolicyRule rule) => rule.ResourceNames is [var name] ? name : null;

    private static IEnumerable<PolicyRule> BreakDown(PolicyRule rule)
    {
        string?[] names = rule.ResourceNames.Count == 0 ? [null] : [.. rule.ResourceNames];
        foreach (var group in rule.ApiGroups)
        {
            foreach (var resource in rule.Resources)
            {
                foreach (var verb in rule.Verbs)
                {
                    foreach (var name in names)
                    {
                        yield return new PolicyRule([verb], [group], [resource], name is null ? [] : [name], []);
                    }
                }
            }
        }

        foreach (var url in rule.NonResourceUrls)
        {
            foreach (var verb in rule.Verbs)
            {
                yield return new PolicyRule([verb], [], [], [], [url]);
            }
        }
    }

    private static bool Includes(PolicyRule rule, PolicyRule right) =>
        Includes(rule.Verbs, right.Verbs)
        && Includes(rule.ApiGroups, right.ApiGroups)
        && right.Resources.All(resource => IncludesResource(rule.Resources, resource))
        && right.NonResourceUrls.All(url => rule.NonResourceUrls.Any(pattern => IncludesUrl(pattern, url)))
        && (rule.ResourceNames.Count == 0 || (right.ResourceNames.Count > 0 && right.ResourceNames.All(rule.ResourceNames.Contains)));

    private static bool Includes(IReadOnlyList<string> values, IReadOnlyList<string> wanted) =>
        values.Contains(PolicyRule.All) || wanted.All(values.Contains);

    private static bool IncludesResource(IReadOnlyList<string> resources, string wanted) =>
        resources.Contains(PolicyRule.All)
        || resources.Contains(wanted)
        || (wanted.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash && resources.Contains($"*{wanted[slash..]}"));

    private static bool IncludesUrl(string pattern, string url) =>
        pattern == PolicyRule.All || pattern == url || (pattern.EndsWith('*') && url.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal));
}
