using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Schema.Structural;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>Checks the kind, the apiVersion and the name of resources inside others (<c>x-kubernetes-embedded-resource</c>).</summary>
internal static class EmbeddedResources
{
    public static IEnumerable<FieldError> Validate(JsonObject obj, StructuralSchema schema) => Visit(obj, schema, "", isRoot: true);

    private static IEnumerable<FieldError> Visit(JsonNode? value, StructuralSchema schema, string path, bool isRoot = false)
    {
        switch (value)
        {
            case JsonObject obj:
                var own = schema.IsEmbeddedResource && !isRoot ? Check(obj, path) : [];
                return own.Concat(obj.SelectMany(field => schema.Find(field.Key) is { } child
                    ? Visit(field.Value, child, schema.Properties.ContainsKey(field.Key) ? Join(path, field.Key) : $"{path}[{field.Key}]")
                    : []));
            case JsonArray array when schema.Items is { } items:
                return array.SelectMany((item, index) => Visit(item, items, $"{path}[{index}]"));
            default:
                return [];
        }
    }

    private static IEnumerable<FieldError> Check(JsonObject obj, string path)
    {
        var apiVersion = obj.StringAt("apiVersion") ?? "";
        if (apiVersion.Length == 0)
        {
            yield return FieldError.Required($"{path}.apiVersion", "must not be empty");
        }
        else if (apiVersion.Count(character => character == '/') > 1)
        {
            yield return FieldError.Invalid($"{path}.apiVersion", apiVersion, $"unexpected GroupVersion string: {apiVersion}");
        }

        var kind = obj.StringAt("kind") ?? "";
        if (kind.Length == 0)
        {
            yield return FieldError.Required($"{path}.kind", "must not be empty");
        }
        else if (Names.Dns1035Label(kind.ToLowerInvariant()).ToList() is { Count: > 0 } faults)
        {
            yield return FieldError.Invalid($"{path}.kind", kind, $"may have mixed case, but should otherwise match: {string.Join(',', faults)}");
        }

        if (obj.StringAt("metadata", "name") is { Length: > 0 } name)
        {
            foreach (var fault in Names.PathSegment(name))
            {
                yield return FieldError.Invalid($"{path}.metadata.name", name, fault);
            }
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
