using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Patching;

/// <summary>Lists in a strategic merge patch: items are told apart by a merge key, or are scalars. Linear in the size of the lists.</summary>
internal static class ListMerge
{
    /// <summary>Merges the items of a patch into a list and orders the outcome.</summary>
    public static JsonArray Merge(JsonArray original, JsonArray patch, string? mergeKey, Func<string, FieldType?> fields)
    {
        if (original.Concat(patch).Any(item => item is JsonArray))
        {
            throw StatusException.Unprocessable();
        }

        var areMaps = original.Concat(patch).Any(item => item is JsonObject);
        if (!areMaps)
        {
            var both = original.Concat(patch).DistinctBy(KeyOf, StringComparer.Ordinal).Select(item => item?.DeepClone());
            return Arrange(new JsonArray([.. both]), patch, null, original);
        }

        if (string.IsNullOrEmpty(mergeKey) || original.Concat(patch).Any(item => item is not JsonObject))
        {
            throw StatusException.Unprocessable();
        }

        var isReplaced = IsReplaced(patch, mergeKey, out var deleted, out var changes);
        var kept = isReplaced ? [] : original.OfType<JsonObject>().Where(item => !deleted.Contains(KeyOf(item[mergeKey]))).ToList();
        var merged = MergeItems(kept, changes, mergeKey, fields);
        return isReplaced ? merged : Arrange(merged, patch, mergeKey, original);
    }

    /// <summary>
    /// Puts the items that the order names in that order; the others keep theirs and stand where <paramref name="live"/>, the list before the
    /// patch, has them, as well as both can be had (upstream's normalizeElementOrder).
    /// </summary>
    public static JsonArray Arrange(JsonArray list, JsonArray order, string? mergeKey, JsonArray? live = null)
    {
        var wanted = Positions(order, mergeKey);
        var known = Positions(live ?? list, mergeKey);
        var named = list.Where(item => wanted.ContainsKey(KeyOf(item, mergeKey))).OrderBy(item => wanted[KeyOf(item, mergeKey)]).ToList();
        var others = list.Where(item => !wanted.ContainsKey(KeyOf(item, mergeKey)))
            .OrderBy(item => known.GetValueOrDefault(KeyOf(item, mergeKey), int.MaxValue))
            .ToList();
        list.Clear();
        var (left, right) = (0, 0);
        while (left < others.Count || right < named.Count)
        {
            var takesOther = right == named.Count || (left < others.Count && StandsBefore(others[left], named[right]));
            list.Add(takesOther ? others[left++] : named[right++]);
        }

        return list;

        bool StandsBefore(JsonNode? first, JsonNode? second) =>
            known.TryGetValue(KeyOf(first, mergeKey), out var one) && known.TryGetValue(KeyOf(second, mergeKey), out var two) && one < two;
    }

    /// <summary>Whether the items of a patch stand in the order that its <c>$setElementOrder</c> names.</summary>
    public static void CheckOrder(JsonArray patch, JsonArray order, string? mergeKey)
    {
        var positions = Positions(order, mergeKey);
        var last = -1;
        foreach (var item in patch.Where(item => (item as JsonObject)?[PatchDirectives.Patch] is null))
        {
            if (!positions.TryGetValue(KeyOf(item, mergeKey), out var position) || position < last)
            {
                throw StatusException.BadRequest(
                    $"The order in patch list:\n{GoFormat.Value(patch)}\n doesn't match $setElementOrder list:\n{GoFormat.Value(order)}\n");
            }

            last = position;
        }
    }

    /// <summary>A scalar as text; numbers and strings of the same letters differ.</summary>
    public static string KeyOf(JsonNode? scalar) => scalar?.ToJsonString() ?? "null";

    private static string KeyOf(JsonNode? item, string? mergeKey) =>
        string.IsNullOrEmpty(mergeKey) ? KeyOf(item) : KeyOf((item as JsonObject)?[mergeKey]);

    private static Dictionary<string, int> Positions(JsonArray list, string? mergeKey)
    {
        var positions = new Dictionary<string, int>(list.Count, StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            positions.TryAdd(KeyOf(list[i], mergeKey), i);
        }

        return positions;
    }

    private static bool IsReplaced(JsonArray patch, string mergeKey, out HashSet<string> deleted, out List<JsonObject> changes)
    {
        var isReplaced = false;
        deleted = new HashSet<string>(StringComparer.Ordinal);
        changes = [];
        foreach (var item in patch.OfType<JsonObject>())
        {
            switch (item[PatchDirectives.Patch]?.ToString())
            {
                case null:
                    changes.Add(item);
                    break;
                case "replace":
                    isReplaced = true;
                    break;
                case "delete":
                    deleted.Add(KeyOf(RequiredKey(item, mergeKey)));
                    break;
                case "merge":
                    throw StatusException.BadRequest("merging lists cannot yet be specified in the patch");
                case var other:
                    throw StatusException.BadRequest($"unknown patch type: {other} in map: {GoFormat.Value(item)}");
            }
        }

        return isReplaced;
    }

    private static JsonArray MergeItems(List<JsonObject> kept, List<JsonObject> changes, string mergeKey, Func<string, FieldType?> fields)
    {
        var items = kept.ConvertAll(item => (JsonObject)item.DeepClone());
        var byKey = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            byKey.TryAdd(KeyOf(items[i][mergeKey]), i);
        }

        foreach (var change in changes)
        {
            var key = KeyOf(RequiredKey(change, mergeKey));
            if (byKey.TryGetValue(key, out var index))
            {
                items[index] = StrategicMergePatch.MergeMap(items[index], change, fields);
            }
            else if (PatchDirectives.Strip(change) is JsonObject added)
            {
                byKey[key] = items.Count;
                items.Add(added);
            }
        }

        return new JsonArray([.. items]);
    }

    private static JsonNode RequiredKey(JsonObject item, string mergeKey) => item[mergeKey]
        ?? throw StatusException.BadRequest($"map: {GoFormat.Value(item)} does not contain declared merge key: {mergeKey}");
}
