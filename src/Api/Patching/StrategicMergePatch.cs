using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Patching;

/// <summary>
/// Kubernetes' own merge patch: lists with a merge key are merged item by item, as the type's patchStrategy and patchMergeKey say, and
/// directives (<c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList</c>, <c>$setElementOrder</c>) say the rest.
/// </summary>
public static class StrategicMergePatch
{
    /// <summary>Gives a patched copy.</summary>
    /// <exception cref="StatusException">BadRequest for a malformed patch, 422 for one that does not fit the document; both as upstream.</exception>
    public static JsonObject Apply(JsonObject document, JsonNode? patch, ObjectType type)
    {
        if (patch is not JsonObject changes)
        {
            throw StatusException.BadRequest($"json: cannot unmarshal {GoFormat.JsonType(patch)} into Go value of type map[string]interface {{}}");
        }

        return MergeMap((JsonObject)document.DeepClone(), changes, name => type.Fields.GetValueOrDefault(name));
    }

    /// <summary>Merges into <paramref name="target"/> (which it may return) and leaves the patch as it is.</summary>
    internal static JsonObject MergeMap(JsonObject target, JsonObject patch, Func<string, FieldType?> fields)
    {
        if (patch.TryGetPropertyValue(PatchDirectives.Patch, out var directive))
        {
            return ReplaceOrDelete(directive, patch);
        }

        RetainKeys(target, patch);
        var ordered = patch.Where(entry => PatchDirectives.IsAbout(entry.Key, PatchDirectives.SetElementOrder))
            .Select(entry => (Name: entry.Key[PatchDirectives.SetElementOrder.Length..], Order: entry.Value))
            .Select(directive => (directive.Name, directive.Order, Live: target[directive.Name] as JsonArray))
            .ToList();
        foreach (var (name, change) in patch)
        {
            if (PatchDirectives.IsAbout(name, PatchDirectives.DeleteFromPrimitiveList))
            {
                DeleteFromList(target, name[PatchDirectives.DeleteFromPrimitiveList.Length..], change);
            }
            else if (!PatchDirectives.IsDirective(name))
            {
                MergeField(target, name, change, fields(name));
            }
        }

        foreach (var (name, order, live) in ordered)
        {
            var mergeKey = fields(name)?.PatchMergeKey;
            var wanted = order as JsonArray ?? throw StatusException.BadRequest("invalid patch format of setElementOrder list");
            ListMerge.CheckOrder(patch[name] as JsonArray ?? [], wanted, mergeKey);
            if (target[name] is JsonArray list)
            {
                ListMerge.Arrange(list, wanted, mergeKey, live);
            }
        }

        return target;
    }

    private static JsonObject ReplaceOrDelete(JsonNode? directive, JsonObject patch)
    {
        switch (directive?.ToString())
        {
            case "replace":
                var replacement = (JsonObject)patch.DeepClone();
                replacement.Remove(PatchDirectives.Patch);
                return replacement;
            case "delete":
                return [];
            default:
                throw StatusException.BadRequest($"unknown patch type: {directive} in map: {GoFormat.Value(patch)}");
        }
    }

    private static void RetainKeys(JsonObject target, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(PatchDirectives.RetainKeys, out var directive))
        {
            return;
        }

        var kept = (directive as JsonArray)?.Select(key => key?.ToString() ?? "").ToHashSet(StringComparer.Ordinal);
        if (kept is null)
        {
            throw StatusException.BadRequest("invalid patch format of retainKeys");
        }

        if (patch.Any(entry => entry.Value is not null && !PatchDirectives.IsDirective(entry.Key) && !kept.Contains(entry.Key)))
        {
            throw StatusException.Unprocessable();
        }

        foreach (var name in target.Select(entry => entry.Key).Where(name => !kept.Contains(name)).ToList())
        {
            target.Remove(name);
        }
    }

    private static void MergeField(JsonObject target, string name, JsonNode? change, FieldType? field)
    {
        var isReplaced = field?.PatchStrategies.Contains("replace") ?? false;
        switch (change, target[name])
        {
            case (null, _):
                target.Remove(name);
                break;
            case (_, null):
                SetOrRemove(target, name, PatchDirectives.Strip(change));
                break;
            case (JsonObject changes, JsonObject old) when !isReplaced:
                var merged = MergeMap(old, changes, FieldsOf(field));
                if (merged != old)
                {
                    target[name] = merged;
                }

                break;
            case (JsonArray changes, JsonArray old) when field?.PatchStrategies.Contains("merge") ?? false:
                target[name] = ListMerge.Merge(old, changes, field.PatchMergeKey, FieldsOf(field));
                break;
            case (JsonObject, not JsonObject):
                // Of another type than before, and replaced whole.
                SetOrRemove(target, name, PatchDirectives.Strip(change));
                break;
            default:
                target[name] = change.DeepClone();
                break;
        }
    }

    private static void SetOrRemove(JsonObject target, string name, JsonNode? value)
    {
        if (value is null)
        {
            target.Remove(name);
        }
        else
        {
            target[name] = value;
        }
    }

    private static void DeleteFromList(JsonObject target, string name, JsonNode? directive)
    {
        if (directive is not JsonArray deleted || deleted.Any(item => item is not JsonValue))
        {
            throw StatusException.BadRequest("invalid patch format of primitive list");
        }

        if (target[name] is JsonArray list)
        {
            var keys = deleted.Select(ListMerge.KeyOf).ToHashSet(StringComparer.Ordinal);
            target[name] = new JsonArray([.. list.Where(item => !keys.Contains(ListMerge.KeyOf(item))).Select(item => item?.DeepClone())]);
        }
    }

    /// <summary>The fields of a field's value, or of the items of its list; the values of a map all have one type.</summary>
    private static Func<string, FieldType?> FieldsOf(FieldType? field)
    {
        var type = field?.Type is { Kind: ValueKind.List, Element: { } element } ? element : field?.Type;
        return name => type?.Object?.Fields.GetValueOrDefault(name);
    }
}
