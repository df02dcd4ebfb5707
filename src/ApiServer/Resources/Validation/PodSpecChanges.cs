using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Takes what may change out of a pod's new spec, so that what is left must be the old one.</summary>
internal static class PodSpecChanges
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";

    public static JsonObject WithoutAllowed(Field spec, JsonObject after, JsonObject before)
    {
        var copy = (JsonObject)after.DeepClone();
        foreach (var list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            foreach (var (container, old) in copy.ObjectsAt(list).Zip(before.ObjectsAt(list)))
            {
                Keep(container, old, "image");
            }
        }

        Keep(copy, before, "activeDeadlineSeconds");
        Keep(copy, before, "schedulingGates");
        Keep(copy, before, "tolerations");
        if (before.IntegerAt("terminationGracePeriodSeconds") < 0 && copy.IntegerAt("terminationGracePeriodSeconds") == 1)
        {
            Keep(copy, before, "terminationGracePeriodSeconds");
        }

        // Who holds a pod back with a gate may still narrow down the nodes that it can go to.
        if (before["schedulingGates"] is JsonArray { Count: > 0 })
        {
            NodeSelector(spec["nodeSelector"], before);
            Keep(copy, before, "nodeSelector");
            NodeAffinity(spec["affinity"]["nodeAffinity"], before.ObjectAt("affinity", "nodeAffinity"));
            KeepNodeAffinity(copy, before);
        }

        return copy;
    }

    private static void NodeSelector(Field selector, JsonObject before)
    {
        var after = selector.Value as JsonObject;
        if ((before.ObjectAt("nodeSelector") ?? []).Any(entry => after.StringAt(entry.Key) != FieldPath.Text(entry.Value)))
        {
            selector.Invalid("only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        }
    }

    private static void NodeAffinity(Field affinity, JsonObject? before)
    {
        var terms = affinity[Required]["nodeSelectorTerms"];
        var old = before.ObjectsAt(Required, "nodeSelectorTerms").ToList();
        if (old.Count == 0)
        {
            return;
        }

        if (old.Count != terms.Count)
        {
            terms.InvalidValue(terms.Value, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }

        foreach (var (term, was) in terms.Items.Zip(old))
        {
            var wasEmpty = Cell.CountOf(was["matchExpressions"]) + Cell.CountOf(was["matchFields"]) == 0;
            var isEmpty = term["matchExpressions"].Count + term["matchFields"].Count == 0;
            if (wasEmpty != isEmpty || !Begins(term["matchExpressions"], was["matchExpressions"]) || !Begins(term["matchFields"], was["matchFields"]))
            {
                term.Invalid("only additions are allowed (no mutations or deletions)");
            }
        }
    }

    private static bool Begins(Field list, JsonNode? with) =>
        (with as JsonArray ?? []).Index().All(member => JsonNode.DeepEquals(list[member.Index].Value, member.Item));

    private static void KeepNodeAffinity(JsonObject copy, JsonObject before)
    {
        var affinity = copy.GetOrAddObject("affinity");
        Keep(affinity, before.ObjectAt("affinity") ?? [], "nodeAffinity");
        if (affinity.Count == 0 && before["affinity"] is null)
        {
            copy.Remove("affinity");
        }
    }

    private static void Keep(JsonObject copy, JsonObject before, string name)
    {
        if (before[name] is { } value)
        {
            copy[name] = value.DeepClone();
        }
        else
        {
            copy.Remove(name);
        }
    }
}
