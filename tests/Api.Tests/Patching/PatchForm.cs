using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Patching;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tests.Patching;

/// <summary>One form of patches: documents to try it on, how a client says what differs between two of them, and what applies it.</summary>
/// <param name="Document">Makes a random document.</param>
/// <param name="Difference">The patch that makes the second document of the first.</param>
/// <param name="Apply">Applies a patch.</param>
internal sealed record PatchForm(Func<Random, JsonObject> Document, Func<JsonObject, JsonObject, JsonNode> Difference, Func<JsonObject, JsonNode, JsonObject> Apply)
{
    private static readonly ObjectType Pod = TypeGraph.BuiltIn.Find(new GroupVersionKind("", "v1", "Pod"))!;

    public static PatchForm Of(string name) => name switch
    {
        "json" => new PatchForm(random => RandomDocument.Create(random, 4), (from, to) => new JsonArray([.. Operations(from, to, "")]), JsonPatch.Apply),
        "merge" => new PatchForm(random => RandomDocument.Create(random, 4), (from, to) => Merge(from, to, (_, wanted) => wanted?.DeepClone()), MergePatch.Apply),
        _ => new PatchForm(RandomPod.Create, Strategic, (document, patch) => StrategicMergePatch.Apply(document, patch, Pod)),
    };

    private static IEnumerable<JsonNode> Operations(JsonObject from, JsonObject to, string path)
    {
        foreach (var name in Names(from, to))
        {
            var below = $"{path}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (!to.ContainsKey(name))
            {
                yield return new JsonObject { ["op"] = "remove", ["path"] = below };
            }
            else if ((from[name], to[name]) is (JsonObject old, JsonObject wanted))
            {
                foreach (var operation in Operations(old, wanted, below))
                {
                    yield return operation;
                }
            }
            else
            {
                yield return new JsonObject { ["op"] = from.ContainsKey(name) ? "replace" : "add", ["path"] = below, ["value"] = to[name]?.DeepClone() };
            }
        }
    }

    private static JsonObject Merge(JsonObject from, JsonObject to, Func<JsonNode?, JsonNode?, JsonNode?> value)
    {
        var patch = new JsonObject();
        foreach (var name in Names(from, to))
        {
            patch[name] = (from[name], to[name]) is (JsonObject old, JsonObject wanted) ? Merge(old, wanted, value) : value(from[name], to[name]);
        }

        return patch;
    }

    // As kubectl makes it: items are told apart by their key, what is gone is deleted by name, and the order is told beside the list.
    private static JsonObject Strategic(JsonObject from, JsonObject to)
    {
        var patch = Merge(from, to, (_, wanted) => wanted?.DeepClone());
        KeyedList(patch.ObjectAt("spec"), from.ObjectAt("spec"), to.ObjectAt("spec"), "containers", "name");
        return patch;
    }

    private static void KeyedList(JsonObject? patch, JsonObject? from, JsonObject? to, string list, string key)
    {
        if (patch?[list] is not JsonArray)
        {
            return;
        }

        var old = Items(from, list, key);
        var wanted = Items(to, list, key);
        var items = wanted.Where(item => !JsonNode.DeepEquals(item.Value, old.GetValueOrDefault(item.Key)))
            .Select(item => old.TryGetValue(item.Key, out var before) ? Item(before, item.Value, key) : item.Value.DeepClone())
            .Concat(old.Keys.Except(wanted.Keys).Select(gone => new JsonObject { ["$patch"] = "delete", [key] = old[gone][key]!.DeepClone() }));
        patch[list] = new JsonArray([.. items]);
        patch[$"$setElementOrder/{list}"] = new JsonArray([.. wanted.Values.Select(item => new JsonObject { [key] = item[key]!.DeepClone() })]);
    }

    private static JsonObject Item(JsonObject old, JsonObject wanted, string key)
    {
        var patch = Merge(old, wanted, (_, value) => value?.DeepClone());
        KeyedList(patch, old, wanted, "ports", "containerPort");
        patch[key] = wanted[key]!.DeepClone();
        return patch;
    }

    private static Dictionary<string, JsonObject> Items(JsonObject? owner, string list, string key) =>
        owner.ObjectsAt(list).ToDictionary(item => item[key]!.ToJsonString());

    private static List<string> Names(JsonObject from, JsonObject to) =>
    [
        .. from.Select(entry => entry.Key).Union(to.Select(entry => entry.Key))
            .Where(name => from.ContainsKey(name) != to.ContainsKey(name) || !JsonNode.DeepEquals(from[name], to[name])),
    ];
}
