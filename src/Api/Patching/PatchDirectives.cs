using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching;

/// <summary>The keys of a strategic merge patch that say how to merge rather than what.</summary>
internal static class PatchDirectives
{
    /// <summary><c>replace</c> or <c>delete</c>: for a map, or an item of a list.</summary>
    public const string Patch = "$patch";

    /// <summary>The only keys that the map may keep: for unions.</summary>
    public const string RetainKeys = "$retainKeys";

    /// <summary>Followed by a list's name: items of a list of scalars to take away.</summary>
    public const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList/";

    /// <summary>Followed by a list's name: the order of the items that the patch's author knows.</summary>
    public const string SetElementOrder = "$setElementOrder/";

    public static bool IsDirective(string key) =>
        key is Patch or RetainKeys || IsAbout(key, DeleteFromPrimitiveList) || IsAbout(key, SetElementOrder);

    public static bool IsAbout(string key, string prefix) => key.StartsWith(prefix, StringComparison.Ordinal);

    /// <summary>What a patch's value becomes where the document has nothing: without directives and nulls. Null when nothing is left to set.</summary>
    public static JsonNode? Strip(JsonNode? patch)
    {
        switch (patch)
        {
            case JsonObject map when (string?)(map[Patch] as JsonValue) == "delete":
                return null;
            case JsonObject map:
                return new JsonObject(
                    from entry in map
                    where !IsDirective(entry.Key)
                    let value = Strip(entry.Value)
                    where value is not null
                    select KeyValuePair.Create(entry.Key, (JsonNode?)value));
            case JsonArray list:
                return new JsonArray([.. list.Where(item => (item as JsonObject)?[Patch] is null).Select(Strip)]);
            default:
                return patch?.DeepClone();
        }
    }
}
