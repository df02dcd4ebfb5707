using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Checks that an object as a client wrote it fits the type: no unknown fields, right kinds of values, items of lists that can be told apart.</summary>
internal static class AppliedValidation
{
    /// <exception cref="FieldSchemaException">It does not.</exception>
    public static void Check(JsonObject obj, FieldSchema schema)
    {
        var errors = new List<string>();
        CheckMap(obj, schema, "", errors);
        if (errors.Count > 0)
        {
            throw new FieldSchemaException(errors);
        }
    }

    private static void CheckValue(JsonNode? value, FieldSchema schema, string path, List<string> errors)
    {
        switch (schema.FormOf(value))
        {
            case FieldForm.Map or FieldForm.AtomicMap when value is JsonObject map:
                CheckMap(map, schema, path, errors);
                break;
            case FieldForm.List or FieldForm.AtomicList when value is JsonArray list:
                CheckList(list, schema, path, errors);
                break;
            case FieldForm.Map or FieldForm.AtomicMap when value is not null:
                errors.Add($"{path}: expected map, got &{{{GoFormat.Value(value)}}}");
                break;
            case FieldForm.List or FieldForm.AtomicList when value is not null:
                errors.Add($"{path}: expected list, got &{{{GoFormat.Value(value)}}}");
                break;
            case FieldForm.Scalar when value is not null && !schema.IsDeduced:
                CheckScalar(value, schema.ScalarKind, path, errors);
                break;
        }
    }

    private static void CheckMap(JsonObject map, FieldSchema schema, string path, List<string> errors)
    {
        foreach (var (name, value) in map)
        {
            var below = $"{path}.{name}";
            if (schema.Below(name) is not { } found)
            {
                // As upstream, the first unknown field of a level is the last that is looked at.
                errors.Add($"{below}: field not declared in schema");
                return;
            }

            CheckValue(value, found, below, errors);
        }
    }

    private static void CheckList(JsonArray list, FieldSchema schema, string path, List<string> errors)
    {
        var seen = new SortedSet<FieldElement>();
        for (var i = 0; i < list.Count; i++)
        {
            var element = FieldElement.At(i);
            if (schema.Form == FieldForm.List)
            {
                try
                {
                    element = schema.ElementOf(list[i], ObjectView.Literal);
                }
                catch (FieldSchemaException error)
                {
                    errors.Add($"{path}: element {i}: {error.Message}");
                    return;
                }

                if (!seen.Add(element))
                {
                    errors.Add($"{path}: duplicate entries for key {element}");
                }
            }

            CheckValue(list[i], schema.Element, path + element, errors);
        }
    }

    private static void CheckScalar(JsonNode value, ValueKind kind, string path, List<string> errors)
    {
        var (expected, isRight) = (kind, value.GetValueKind()) switch
        {
            (ValueKind.Integer or ValueKind.Float, var given) => ("numeric (int or float)", given == JsonValueKind.Number),
            (ValueKind.String or ValueKind.Bytes or ValueKind.Duration, var given) => ("string", given == JsonValueKind.String),
            (ValueKind.Boolean, var given) => ("boolean", given is JsonValueKind.True or JsonValueKind.False),
            _ => ("any scalar", value is JsonValue),
        };
        if (isRight)
        {
            return;
        }

        var shown = kind switch
        {
            ValueKind.Integer or ValueKind.Float => GoFormat.TypeOf(value),
            ValueKind.String or ValueKind.Bytes or ValueKind.Duration => $"&value.valueUnstructured{{Value:{GoFormat.Syntax(value)}}}",
            _ => $"&{{{GoFormat.Value(value)}}}",
        };
        errors.Add($"{path}: expected {expected}, got {shown}");
    }
}
