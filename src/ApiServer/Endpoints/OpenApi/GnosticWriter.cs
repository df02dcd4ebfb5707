using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>
/// Writes OpenAPI 2 in the protobuf form of gnostic (openapiv2/OpenAPIv2.proto), which is the only form that kubectl reads. Field numbers are that
/// file's; as always with <see cref="WireWriter"/>, what is written last comes first.
/// </summary>
internal static class GnosticWriter
{
    // Of message Operation and PathItem.
    // Of message Schema: what a custom resource's schema says of values.
    private static readonly (string Name, int Number)[] Lengths =
        [("minProperties", 18), ("maxProperties", 17), ("minItems", 15), ("maxItems", 14), ("minLength", 12), ("maxLength", 11)];

    private static readonly (string Name, int Number)[] Bounds = [("minimum", 9), ("maximum", 7), ("multipleOf", 6)];
    private static readonly (string Name, int Number)[] Flags = [("uniqueItems", 16), ("exclusiveMinimum", 10), ("exclusiveMaximum", 8)];

    private static readonly (string Method, int Number)[] Methods = [("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8)];

    public static byte[] Write(OpenApiModel model)
    {
        var writer = new WireWriter();
        var schemas = model.NewSchemas(OpenApiFlavour.V2);
        var paths = new PathBuilder(OpenApiFlavour.V2, schemas);
        Message(writer, 8, () =>
        {
            foreach (var group in model.Resources.GroupBy(resource => (resource.Kind.Group, resource.Kind.Version)))
            {
                foreach (var resource in group)
                {
                    WriteNamed(writer, 2, paths.Paths(resource), WritePathItem);
                }

                WriteNamed(writer, 2, [paths.Discovery(group.Key.Group, group.Key.Version)], WritePathItem);
            }

            WriteNamed(writer, 2, model.General.Select(new GeneralPaths(OpenApiFlavour.V2, schemas).Of), WritePathItem);
        });
        Message(writer, 9, () => WriteNamed(writer, 1, schemas.Definitions(), WriteSchema));
        Message(writer, 2, () =>
        {
            writer.String(2, OpenApiDocuments.Version);
            writer.String(1, OpenApiDocuments.Title);
        });
        writer.String(1, "2.0");
        return writer.ToArray();
    }

    private static void Message(WireWriter writer, int number, Action content)
    {
        var before = writer.Length;
        content();
        writer.Prefix(number, before);
    }

    private static void WriteNamed(
        WireWriter writer, int number, IEnumerable<KeyValuePair<string, JsonObject>> members, Action<WireWriter, JsonObject> write)
    {
        foreach (var (name, value) in members)
        {
            Message(writer, number, () =>
            {
                Message(writer, 2, () => write(writer, value));
                writer.String(1, name);
            });
        }
    }

    private static void WritePathItem(WireWriter writer, JsonObject item)
    {
        WriteParameters(writer, 9, item);
        foreach (var (method, number) in Methods)
        {
            if (item[method] is JsonObject operation)
            {
                Message(writer, number, () => WriteOperation(writer, operation));
            }
        }
    }

    private static void WriteOperation(WireWriter writer, JsonObject operation)
    {
        WriteExtensions(writer, 13, operation);
        WriteStrings(writer, 10, operation, "schemes");
        Message(writer, 9, () => WriteNamed(writer, 1, Members(operation["responses"]), WriteResponse));
        WriteParameters(writer, 8, operation);
        WriteStrings(writer, 7, operation, "consumes");
        WriteStrings(writer, 6, operation, "produces");
        WriteString(writer, 5, operation, "operationId");
        WriteString(writer, 3, operation, "description");
        WriteStrings(writer, 1, operation, "tags");
    }

    // ResponseValue: its first field is the response itself.
    private static void WriteResponse(WireWriter writer, JsonObject response) => Message(writer, 1, () =>
    {
        if (response["schema"] is JsonObject schema)
        {
            Message(writer, 2, () => Message(writer, 1, () => WriteSchema(writer, schema)));
        }

        WriteString(writer, 1, response, "description");
    });

    private static void WriteParameters(WireWriter writer, int number, JsonObject owner)
    {
        foreach (var parameter in owner.ObjectsAt("parameters").Reverse())
        {
            // ParametersItem.parameter, then Parameter.body_parameter or non_body_parameter.
            Message(writer, number, () => Message(writer, 1, () => WriteParameter(writer, parameter)));
        }
    }

    private static void WriteParameter(WireWriter writer, JsonObject parameter)
    {
        switch (parameter.StringAt("in"))
        {
            case "body":
                Message(writer, 1, () =>
                {
                    if (parameter["schema"] is JsonObject schema)
                    {
                        Message(writer, 5, () => WriteSchema(writer, schema));
                    }

                    WriteTrue(writer, 4, parameter, "required");
                    WriteString(writer, 3, parameter, "in");
                    WriteString(writer, 2, parameter, "name");
                });
                break;
            case "query":
                Message(writer, 2, () => Message(writer, 3, () => WritePlainParameter(writer, parameter, typeNumber: 6, uniqueNumber: 20)));
                break;
            default:
                Message(writer, 2, () => Message(writer, 4, () => WritePlainParameter(writer, parameter, typeNumber: 5, uniqueNumber: 19)));
                break;
        }
    }

    private static void WritePlainParameter(WireWriter writer, JsonObject parameter, int typeNumber, int uniqueNumber)
    {
        WriteTrue(writer, uniqueNumber, parameter, "uniqueItems");
        WriteString(writer, typeNumber, parameter, "type");
        WriteString(writer, 4, parameter, "name");
        WriteString(writer, 3, parameter, "description");
        WriteString(writer, 2, parameter, "in");
        WriteTrue(writer, 1, parameter, "required");
    }

    private static void WriteSchema(WireWriter writer, JsonObject schema)
    {
        WriteExtensions(writer, 31, schema);
        if (schema["properties"] is JsonObject properties)
        {
            Message(writer, 25, () => WriteNamed(writer, 1, Members(properties), WriteSchema));
        }

        if (schema["items"] is JsonObject items)
        {
            Message(writer, 23, () => Message(writer, 1, () => WriteSchema(writer, items)));
        }

        if (schema.StringAt("type") is { } type)
        {
            Message(writer, 22, () => writer.String(1, type));
        }

        if (schema["additionalProperties"] is JsonObject additional)
        {
            Message(writer, 21, () => Message(writer, 1, () => WriteSchema(writer, additional)));
        }

        foreach (var value in (schema["enum"] as JsonArray ?? []).Reverse())
        {
            Message(writer, 20, () => writer.Bytes(2, JsonCodec.WriteValue(value)));
        }

        WriteStrings(writer, 19, schema, "required");
        WriteLimits(writer, schema);
        WriteString(writer, 4, schema, "description");
        WriteString(writer, 3, schema, "title");
        WriteString(writer, 2, schema, "format");
        WriteString(writer, 1, schema, "$ref");
    }

    private static void WriteLimits(WireWriter writer, JsonObject schema)
    {
        foreach (var (name, number) in Lengths)
        {
            if (schema.IntegerAt(name) is { } value)
            {
                writer.Integer(number, value);
            }
        }

        WriteString(writer, 13, schema, "pattern");
        foreach (var (name, number) in Bounds)
        {
            if (schema[name] is JsonValue value)
            {
                writer.Double(number, double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture));
            }
        }

        foreach (var (name, number) in Flags)
        {
            WriteTrue(writer, number, schema, name);
        }
    }

    // NamedAny: the value is YAML, of which JSON is a part.
    private static void WriteExtensions(WireWriter writer, int number, JsonObject owner)
    {
        foreach (var (name, value) in owner.Where(member => member.Key.StartsWith("x-", StringComparison.Ordinal)).Reverse())
        {
            Message(writer, number, () =>
            {
                Message(writer, 2, () => writer.Bytes(2, JsonCodec.WriteValue(value)));
                writer.String(1, name);
            });
        }
    }

    private static void WriteString(WireWriter writer, int number, JsonObject owner, string name)
    {
        if (owner.StringAt(name) is { } text)
        {
            writer.String(number, text);
        }
    }

    private static void WriteStrings(WireWriter writer, int number, JsonObject owner, string name)
    {
        foreach (var text in (owner[name] as JsonArray ?? []).Reverse())
        {
            writer.String(number, text.StringAt() ?? "");
        }
    }

    private static void WriteTrue(WireWriter writer, int number, JsonObject owner, string name)
    {
        if (owner.BooleanAt(name) == true)
        {
            writer.Integer(number, 1);
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonObject>> Members(JsonNode? node) =>
        (node as JsonObject ?? []).Reverse().Where(member => member.Value is JsonObject)
            .Select(member => KeyValuePair.Create(member.Key, (JsonObject)member.Value!));
}
