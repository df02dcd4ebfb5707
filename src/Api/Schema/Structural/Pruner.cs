using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Schema.Structural;

/// <summary>Drops from custom resources what their schema does not name, and brings metadata, theirs and that of embedded resources, into its known form.</summary>
public sealed class Pruner
{
    // Upstream's bound: a body full of unknown fields must not become a huge answer.
    private const int MaxPaths = 100;

    private static readonly ObjectType Metadata = TypeGraph.BuiltIn.Find("meta/v1", "ObjectMeta")
        ?? throw new InvalidOperationException("The type graph has no ObjectMeta.");

    private readonly List<string> _unknown = [];

    private Pruner()
    {
    }

    /// <summary>Changes the object; returns the paths of what was dropped, sorted. Throws <see cref="DecodeException"/> for metadata of a wrong type.</summary>
    public static IReadOnlyList<string> Prune(JsonObject obj, StructuralSchema schema)
    {
        var pruner = new Pruner();
        pruner.VisitResource(obj, schema, "");
        pruner._unknown.Sort(StringComparer.Ordinal);
        return pruner._unknown;
    }

    /// <summary>The same for a default: a value inside a resource.</summary>
    public static IReadOnlyList<string> PrunePart(JsonNode? value, StructuralSchema schema)
    {
        var pruner = new Pruner();
        pruner.Visit(value, schema, "");
        return pruner._unknown;
    }

    private void Visit(JsonNode? value, StructuralSchema schema, string path)
    {
        switch (value)
        {
            case JsonObject obj when schema.IsEmbeddedResource:
                VisitResource(obj, schema, path);
                break;
            case JsonObject obj:
                VisitFields(obj, schema, path, isResource: false);
                break;
            case JsonArray array:
                for (var i = 0; i < array.Count; i++)
                {
                    if (schema.Items is { } items)
                    {
                        Visit(array[i], items, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
                    }
                    else if (!schema.PreservesUnknownFields)
                    {
                        Empty(array[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
                    }
                }

                break;
        }
    }

    private void VisitResource(JsonObject obj, StructuralSchema schema, string path)
    {
        if (obj["metadata"] is JsonObject metadata)
        {
            var decoded = ObjectDecoder.Decode(metadata, Metadata);
            foreach (var error in decoded.StrictErrors)
            {
                // unknown field "labelz": the same with the path of the metadata.
                Report(Join(Join(path, "metadata"), error[(error.IndexOf('"', StringComparison.Ordinal) + 1)..^1]));
            }

            obj["metadata"] = decoded.Object;
        }

        VisitFields(obj, schema, path, isResource: true);
    }

    private void VisitFields(JsonObject obj, StructuralSchema schema, string path, bool isResource)
    {
        List<string>? unknown = null;
        foreach (var (name, value) in obj)
        {
            if (isResource && name is ("apiVersion" or "kind" or "metadata"))
            {
                continue;
            }

            if (schema.Find(name) is { } child)
            {
                Visit(value, child, Join(path, name));
            }
            else if (!schema.PreservesUnknownFields && schema.AllowsAdditional != true)
            {
                (unknown ??= []).Add(name);
            }
        }

        foreach (var name in unknown ?? [])
        {
            obj.Remove(name);
            Report(Join(path, name));
        }
    }

    // Of items that no schema names nothing stays but that they are there.
    private void Empty(JsonNode? value, string path)
    {
        if (value is JsonObject obj)
        {
            foreach (var name in obj.Select(field => field.Key).ToList())
            {
                obj.Remove(name);
                Report(Join(path, name));
            }
        }
    }

    private void Report(string path)
    {
        if (_unknown.Count < MaxPaths)
        {
            _unknown.Add(path);
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
