using System.Text.Json.Nodes;

using MiniKube.Api.Errors;

namespace MiniKube.Api.Patching;

/// <summary>RFC 7386: objects merge, null deletes, everything else replaces.</summary>
public static class MergePatch
{
    /// <summary>Gives a patched copy.</summary>
    /// <exception cref="StatusException">BadRequest when the patch is no object.</exception>
    public static JsonObject Apply(JsonObject document, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            throw StatusException.BadRequest("Invalid JSON Patch");
        }

        var patched = (JsonObject)document.DeepClone();
        Merge(patched, changes);
        return patched;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, change) in patch)
        {
            switch (change)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject changes:
                    Merge(target[name] as JsonObject ?? Fresh(target, name), changes);
                    break;
                default:
                    target[name] = change.DeepClone();
                    break;
            }
        }
    }

    private static JsonObject Fresh(JsonObject target, string name)
    {
        var fresh = new JsonObject();
        target[name] = fresh;
        return fresh;
    }
}
