using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Schema.Structural;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.ApiExtensions;

/// <summary>Whether the defaults in a schema keep to it: nothing that would be pruned, nothing that would be refused.</summary>
internal static class DefaultChecks
{
    public static IEnumerable<FieldError> Validate(JsonObject schema, string path)
    {
        var own = schema["default"] is { } value ? One(schema, value, $"{path}.default") : [];
        var items = schema["items"] is JsonObject inner ? Validate(inner, $"{path}.items") : [];
        var values = schema["additionalProperties"] is JsonObject additional ? Validate(additional, $"{path}.additionalProperties") : [];
        var properties = (schema.ObjectAt("properties") ?? []).SelectMany(property =>
            property.Value is JsonObject field ? Validate(field, $"{path}.properties[{property.Key}]") : []);
        return own.Concat(items).Concat(properties).Concat(values);
    }

    private static IEnumerable<FieldError> One(JsonObject schema, JsonNode value, string path)
    {
        var structural = StructuralSchema.Read(schema);
        var pruned = value.DeepClone();
        if (Pruner.PrunePart(pruned, structural).Count > 0)
        {
            return [FieldError.Invalid(path, value, "must not have unknown fields")];
        }

        // Other defaults fill the gaps of this one.
        StructuralDefaults.Apply(pruned, structural);
        return SchemaValidator.Validate(pruned, null, structural, "")
            .Select(error => error with { Field = error.Field == "<nil>" ? path : $"{path}.{error.Field}" })
            .Concat(ListKeys.Validate(pruned, structural, path));
    }
}
