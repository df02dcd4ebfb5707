using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.ApiExtensions;

/// <summary>Upstream's rules for the schema of a custom resource: the root here, structure and keywords in files of their own.</summary>
internal static class SchemaChecks
{
    /// <summary>What may stand at the root when status is a subresource, whose schema is looked at by itself; named as upstream names them.</summary>
    private static readonly string[] AllowedAtRoot =
    [
        "Description", "Type", "Format", "Title", "Maximum", "ExclusiveMaximum", "Minimum", "ExclusiveMinimum", "MaxLength", "MinLength", "Pattern", "MaxItems",
        "MinItems", "UniqueItems", "MultipleOf", "Required", "Items", "Properties", "ExternalDocs", "Example", "XPreserveUnknownFields", "XValidations",
    ];

    /// <param name="schema">openAPIV3Schema; its absence is told elsewhere.</param>
    /// <param name="path">What it stands in.</param>
    /// <param name="hasStatus">Whether status is a subresource.</param>
    /// <param name="old">The schema that was accepted before: it is not judged again.</param>
    public static IEnumerable<FieldError> Validate(JsonObject? schema, string path, bool hasStatus, JsonObject? old)
    {
        if (schema is null || (old is not null && JsonNode.DeepEquals(schema, old)))
        {
            return [];
        }

        var root = $"{path}.openAPIV3Schema";
        List<FieldError> errors = [.. hasStatus ? Root(schema, root) : []];
        if (schema.BooleanAt("nullable") == true)
        {
            errors.Add(FieldError.Forbidden($"{root}.nullable", "nullable cannot be true at the root"));
        }

        var structure = StructureChecks.Validate(schema, root);
        errors.AddRange(structure.Count > 0 ? structure : DefaultChecks.Validate(schema, root));
        errors.AddRange(KeywordChecks.Validate(schema, root));
        return errors;
    }

    private static IEnumerable<FieldError> Root(JsonObject schema, string path)
    {
        foreach (var (keyword, _) in schema)
        {
            if (keyword == "type")
            {
                if (schema.StringAt("type") is { Length: > 0 } type and not "object")
                {
                    return
                    [
                        FieldError.Invalid(
                            $"{path}.type", type, "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"),
                    ];
                }
            }
            else if (!AllowedAtRoot.Contains(GoName(keyword)))
            {
                return
                [
                    FieldError.Invalid(
                        path,
                        schema,
                        $"only [{string.Join(' ', AllowedAtRoot)}] fields are allowed at the root of the schema if the status subresource is enabled"),
                ];
            }
        }

        return [];
    }

    private static string GoName(string keyword) => keyword switch
    {
        "x-kubernetes-preserve-unknown-fields" => "XPreserveUnknownFields",
        "x-kubernetes-validations" => "XValidations",
        _ => char.ToUpperInvariant(keyword[0]) + keyword[1..],
    };
}
