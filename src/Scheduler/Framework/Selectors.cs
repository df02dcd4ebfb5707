using k8s.Models;

using MiniKube.Api.Selectors;

namespace MiniKube.Scheduler.Framework;

/// <summary>Label selectors that also take values from the labels of the pod they stand in (KEP-3243, KEP-3633).</summary>
internal static class Selectors
{
    public static LabelSelector WithLabelKeys(V1LabelSelector? selector, V1Pod owner, IEnumerable<string>? match, IEnumerable<string>? mismatch)
    {
        if (selector is null)
        {
            return LabelSelector.Nothing;
        }

        var labels = owner.Metadata?.Labels ?? new Dictionary<string, string>();
        var expressions = new List<V1LabelSelectorRequirement>(selector.MatchExpressions ?? []);
        foreach (var (keys, @operator) in new[] { (match, "In"), (mismatch, "NotIn") })
        {
            // A key that the pod does not have says nothing.
            expressions.AddRange(
                from key in keys ?? []
                where labels.ContainsKey(key)
                select new V1LabelSelectorRequirement { Key = key, OperatorProperty = @operator, Values = [labels[key]] });
        }

        return LabelSelector.From(selector with { MatchExpressions = expressions });
    }
}
