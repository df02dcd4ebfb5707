using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Between sets of fields and their form on the wire (FieldsV1).</summary>
internal static class FieldSetCodec
{
    private const string Self = ".";

    public static JsonObject ToJson(FieldSet set) => ToJson(set, isMember: false);

    /// <summary>Throws <see cref="FormatException"/> for what is no set.</summary>
    public static FieldSet FromJson(JsonNode? json) => Read(json).Children ?? FieldSet.Empty;

    /// <summary>Whether a set in the form that <see cref="ToJson(FieldSet)"/> gives has a member of the other one.</summary>
    public static bool Overlaps(JsonObject json, FieldSet set)
    {
        foreach (var node in set.Nodes)
        {
            if (json[node.Element.Encoded] is JsonObject below
                && ((node.IsMember && (below.Count == 0 || below.ContainsKey(Self))) || (node.Children is not null && Overlaps(below, node.Children))))
            {
                return true;
            }
        }

        return false;
    }

    private static JsonObject ToJson(FieldSet set, bool isMember)
    {
        var json = new JsonObject();
        if (isMember)
        {
            json.Add(Self, new JsonObject());
        }

        foreach (var node in set.Nodes)
        {
            json.Add(node.Element.Encoded, node.Children is null ? [] : ToJson(node.Children, node.IsMember));
        }

        return json;
    }

    private static (FieldSet? Children, bool IsMember) Read(JsonNode? json)
    {
        var members = json as JsonObject ?? throw new FormatException("a set of fields must be an object");
        var isMember = false;
        var builder = default(FieldSet.Builder);
        foreach (var (name, value) in members)
        {
            if (name == Self)
            {
                isMember = true;
            }
            else if (FieldElement.Parse(name) is { } element)
            {
                var (children, isChildMember) = Read(value);
                builder.Add(element, isChildMember, children);
            }
        }

        // What has nothing below it is a field of its own.
        var set = builder.Build();
        return (set, isMember || set is null);
    }
}
