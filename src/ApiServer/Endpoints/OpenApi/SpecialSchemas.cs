using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>The definitions of types that have a JSON form of their own, and of those that only the documents have.</summary>
internal static class SpecialSchemas
{
    private static readonly string[] VersionFields =
    [
        "major", "minor", "gitVersion", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler", "platform",
        "emulationMajor", "emulationMinor", "minCompatibilityMajor", "minCompatibilityMinor",
    ];

    /// <summary>The body of a PATCH: anything, since its form depends on the media type.</summary>
    public static JsonObject Patch => new()
    {
        ["description"] = "Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.",
        ["type"] = "object",
    };

    /// <summary>What <c>/version</c> answers.</summary>
    public static JsonObject VersionInfo => new()
    {
        ["description"] = "Info tells what a server was built of, and which version of the API it serves.",
        ["properties"] = new JsonObject(VersionFields.Order(StringComparer.Ordinal).Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["type"] = "string" }))),
        ["required"] = new JsonArray([.. VersionFields.Where(name => !name.StartsWith("emulation", StringComparison.Ordinal) && !name.StartsWith("minCompat", StringComparison.Ordinal))]),
        ["type"] = "object",
    };

    public static JsonObject Of(TypeRef type, OpenApiFlavour flavour) => type.Kind switch
    {
        ValueKind.Quantity => OneOf(flavour, format: null, "string", "number"),
        ValueKind.IntOrString => OneOf(flavour, "int-or-string", "integer", "string"),
        ValueKind.Time or ValueKind.MicroTime => new JsonObject { ["format"] = "date-time", ["type"] = "string" },
        ValueKind.Duration => new JsonObject { ["type"] = "string" },
        ValueKind.Any when type.GoName != "v1.JSON" => new JsonObject { ["type"] = "object" },
        // Any value at all: no type is named.
        _ => new JsonObject { ["description"] = $"{type.GoName[(type.GoName.IndexOf('.', StringComparison.Ordinal) + 1)..]} may take several JSON types." },
    };

    // OpenAPI 2 has no oneOf; upstream says string there.
    private static JsonObject OneOf(OpenApiFlavour flavour, string? format, params string[] types)
    {
        var schema = new JsonObject();
        if (format is not null)
        {
            schema["format"] = format;
        }

        if (flavour == OpenApiFlavour.V2)
        {
            schema["type"] = "string";
        }
        else
        {
            schema["oneOf"] = new JsonArray([.. types.Select(type => new JsonObject { ["type"] = type })]);
        }

        return schema;
    }
}
