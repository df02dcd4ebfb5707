using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>
/// A field of a feature: dotted names, where <c>*</c> stands for every member of a list or value of a map. An object whose name ends in <c>?</c> goes with the field when
/// nothing else is in it.
/// </summary>
/// <param name="path">Such as <c>spec.devices.*.taints</c>.</param>
/// <param name="exempt">A value that belongs to no feature.</param>
internal sealed class GatedField(string path, string? exempt = null)
{
    private readonly (string Name, bool GoesWhenEmpty)[] _steps =
        [.. path.Split('.').Select(name => (name.TrimEnd('?'), name.EndsWith('?')))];

    public bool IsIn(JsonNode obj) => Visit(obj, 0, remove: false);

    public void RemoveFrom(JsonNode obj) => Visit(obj, 0, remove: true);

    /// <summary>Whether the field is (or was) anywhere under the node.</summary>
    private bool Visit(JsonNode? node, int depth, bool remove)
    {
        var (name, goesWhenEmpty) = _steps[depth];
        if (name == "*")
        {
            return VisitAll(node, depth + 1, remove);
        }

        if (node is not JsonObject parent || parent[name] is not { } value)
        {
            return false;
        }

        var isLast = depth == _steps.Length - 1;
        var found = isLast ? exempt is null || value.StringAt() != exempt : Visit(value, depth + 1, remove);
        if (found && remove && (isLast || (goesWhenEmpty && value is JsonObject { Count: 0 })))
        {
            parent.Remove(name);
        }

        return found;
    }

    private bool VisitAll(JsonNode? node, int depth, bool remove)
    {
        var found = false;
        foreach (var item in node as JsonArray ?? [])
        {
            found |= Visit(item, depth, remove);
        }

        foreach (var (_, value) in node as JsonObject ?? [])
        {
            found |= Visit(value, depth, remove);
        }

        return found;
    }
}
