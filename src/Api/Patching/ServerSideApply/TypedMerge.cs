using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Merges an applied configuration into an object (structured-merge-diff's Merge): what both have is the configuration's, what only one has stays.</summary>
internal static class TypedMerge
{
    /// <summary>Gives a merged copy; both inputs stay as they are.</summary>
    public static JsonObject Merge(JsonObject live, JsonObject config, FieldSchema schema) => MergeMaps(live, config, schema) ?? [];

    private static bool TryMerge(FieldSchema schema, bool isInLive, JsonNode? live, bool isInConfig, JsonNode? config, out JsonNode? merged)
    {
        var form = schema.FormOf(isInConfig && (config is not null || !isInLive) ? config : live);
        if (schema.IsDeduced && isInLive && isInConfig && config is not null && form != schema.FormOf(live))
        {
            live = null;
        }

        switch (form)
        {
            case FieldForm.Map when live is JsonObject { Count: > 0 } || config is JsonObject { Count: > 0 }:
                merged = MergeMaps(live as JsonObject, config as JsonObject, schema);
                return merged is not null;
            case FieldForm.List when live is JsonArray { Count: > 0 } || config is JsonArray { Count: > 0 }:
                merged = MergeLists(live as JsonArray, config as JsonArray, schema);
                return merged is not null;
            default:
                merged = (isInConfig ? config : live)?.DeepClone();
                return true;
        }
    }

    private static JsonObject? MergeMaps(JsonObject? live, JsonObject? config, FieldSchema schema)
    {
        var merged = new JsonObject();
        foreach (var name in ObjectView.Literal.Names(live, config, schema.Object))
        {
            JsonNode? one = null;
            JsonNode? other = null;
            var isInLive = live is not null && live.TryGetPropertyValue(name, out one);
            var isInConfig = config is not null && config.TryGetPropertyValue(name, out other);
            if (TryMerge(schema.Below(name) ?? FieldSchema.Deduced, isInLive, one, isInConfig, other, out var value))
            {
                merged.Add(name, value);
            }
        }

        return merged.Count > 0 ? merged : null;
    }

    /// <summary>
    /// The items of both, those of the configuration in its order. What only the live list has stands where it stood between the items that both have.
    /// </summary>
    private static JsonArray? MergeLists(JsonArray? live, JsonArray? config, FieldSchema schema)
    {
        var ours = KeyedItems.Read(live, schema, ObjectView.Literal);
        var theirs = KeyedItems.Read(config, schema, ObjectView.Literal);
        var merged = new JsonArray();
        var taken = new SortedSet<FieldElement>();
        var shared = new Queue<FieldElement>(theirs.Elements.Where(element => ours.Of(element) is not []));
        var (left, right) = (0, 0);
        while (left < ours.Elements.Count || right < theirs.Elements.Count)
        {
            if (left < ours.Elements.Count)
            {
                var element = ours.Elements[left];
                if (theirs.Of(element) is [])
                {
                    merged.Add(live![left++]?.DeepClone());
                    continue;
                }

                if (right < theirs.Elements.Count && shared.TryPeek(out var next) && next.CompareTo(element) != 0)
                {
                    // Both have it, but in the configuration another one that both have comes first.
                    left++;
                    continue;
                }

                left += taken.Contains(element) ? 1 : 0;
            }

            if (right < theirs.Elements.Count)
            {
                TakeConfigured(theirs.Elements[right++]);
            }
        }

        return merged.Count > 0 ? merged : null;

        void TakeConfigured(FieldElement element)
        {
            taken.Add(element);
            if (shared.TryPeek(out var next) && next.CompareTo(element) == 0)
            {
                shared.Dequeue();
            }

            // Items of the live list that have the same keys are replaced by the one of the configuration, not merged with it.
            var items = ours.Of(element);
            var isInLive = items.Count > 0;
            if (TryMerge(schema.Element, isInLive, items.Count == 1 ? items[0] : null, true, theirs.Of(element)[0], out var value))
            {
                merged.Add(value);
            }
        }
    }
}
