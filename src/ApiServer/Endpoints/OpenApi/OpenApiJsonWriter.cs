using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>Writes documents as JSON, path by path and definition by definition, so that only one of them is in memory at a time.</summary>
internal static class OpenApiJsonWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void WriteV3(Stream output, OpenApiModel model, string key)
    {
        var schemas = model.NewSchemas(OpenApiFlavour.V3);
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("openapi", "3.0.0");
        WriteInfo(writer);
        writer.WriteStartObject("paths");
        if (model.General.Contains(key))
        {
            WriteMembers(writer, [new GeneralPaths(OpenApiFlavour.V3, schemas).Of(key)]);
        }

        WritePaths(writer, model.Groups[key], new PathBuilder(OpenApiFlavour.V3, schemas));
        writer.WriteEndObject();
        writer.WriteStartObject("components");
        WriteDefinitions(writer, "schemas", schemas);
        WriteSecurity(writer, "securitySchemes");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteV2(Stream output, OpenApiModel model)
    {
        var schemas = model.NewSchemas(OpenApiFlavour.V2);
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteString("swagger", "2.0");
        WriteInfo(writer);
        writer.WriteStartObject("paths");
        WriteMembers(writer, model.General.Order(StringComparer.Ordinal).Select(new GeneralPaths(OpenApiFlavour.V2, schemas).Of));
        WritePaths(writer, model.Resources, new PathBuilder(OpenApiFlavour.V2, schemas));
        writer.WriteEndObject();
        WriteDefinitions(writer, "definitions", schemas);
        WriteSecurity(writer, "securityDefinitions");
        writer.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("info");
        writer.WriteString("title", OpenApiDocuments.Title);
        writer.WriteString("version", OpenApiDocuments.Version);
        writer.WriteEndObject();
    }

    private static void WritePaths(Utf8JsonWriter writer, IEnumerable<OpenApiResource> resources, PathBuilder builder)
    {
        foreach (var group in resources.GroupBy(resource => (resource.Kind.Group, resource.Kind.Version)))
        {
            WriteMembers(writer, [builder.Discovery(group.Key.Group, group.Key.Version)]);
            WriteMembers(writer, group.SelectMany(builder.Paths));
        }
    }

    private static void WriteDefinitions(Utf8JsonWriter writer, string name, SchemaBuilder schemas)
    {
        writer.WriteStartObject(name);
        WriteMembers(writer, schemas.Definitions());
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, JsonObject>> members)
    {
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
            writer.Flush();
        }
    }

    private static void WriteSecurity(Utf8JsonWriter writer, string name)
    {
        writer.WritePropertyName(name);
        new JsonObject
        {
            ["BearerToken"] = new JsonObject
            {
                ["description"] = "Bearer Token authentication",
                ["in"] = "header",
                ["name"] = "authorization",
                ["type"] = "apiKey",
            },
        }.WriteTo(writer);
    }
}
