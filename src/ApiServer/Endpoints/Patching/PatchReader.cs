using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Patching;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;

namespace MiniKube.ApiServer.Endpoints.Patching;

/// <summary>Reads the text of a patch. What is wrong with it is a BadRequest in upstream's words, which differ by form and by field validation.</summary>
internal static class PatchReader
{
    private static readonly string[] TextFields = ["op", "path", "from"];

    /// <summary>A JSON, merge or strategic merge patch, and the keys that come twice or that nobody knows.</summary>
    public static (JsonNode? Patch, IReadOnlyList<string> StrictErrors) Read(ReadOnlySpan<byte> body, string mediaType, FieldValidation validation)
    {
        var prefix = mediaType == MediaType.StrategicMergePatch || validation == FieldValidation.Ignore ? "" : "error decoding patch: ";
        try
        {
            if (mediaType != MediaType.JsonPatch)
            {
                var decoded = JsonCodec.ParseStrict(body);
                return (decoded.Object, decoded.StrictErrors);
            }

            var patch = JsonCodec.ParseValue(body);
            return (patch, validation == FieldValidation.Ignore ? [] : CheckOperations(patch));
        }
        catch (DecodeException error)
        {
            throw StatusException.BadRequest(prefix + error.Message);
        }
    }

    /// <summary>An applied configuration: YAML, of which JSON is a part, and the keys that come twice.</summary>
    public static (JsonNode? Patch, IReadOnlyList<string> StrictErrors) ReadConfiguration(ReadOnlySpan<byte> body)
    {
        try
        {
            // Nearly all clients send JSON, which is read much faster as what it is.
            var isJson = body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
            var decoded = isJson ? ReadJson(body) : YamlCodec.Parse(body);
            return (decoded.Object, decoded.StrictErrors);
        }
        catch (DecodeException error)
        {
            throw StatusException.BadRequest($"error decoding YAML: error converting YAML to JSON: {error.Message}");
        }
    }

    private static DecodedObject ReadJson(ReadOnlySpan<byte> body)
    {
        try
        {
            // What comes twice is told as YAML tells it.
            var json = JsonCodec.ParseStrict(body);
            return json.StrictErrors.Count == 0 ? json : YamlCodec.Parse(body);
        }
        catch (DecodeException)
        {
            // A flow mapping of YAML, or what is wrong with it as YAML sees it.
            return YamlCodec.Parse(body);
        }
    }

    private static List<string> CheckOperations(JsonNode? patch)
    {
        var operations = patch as JsonArray
            ?? throw new DecodeException($"json: cannot unmarshal {GoFormat.JsonType(patch)} into Go value of type []handlers.jsonPatchOp");
        var errors = new List<string>();
        foreach (var (index, operation) in operations.Take(JsonPatch.MaximumOperations).Index())
        {
            var fields = operation as JsonObject
                ?? throw new DecodeException($"json: cannot unmarshal {GoFormat.JsonType(operation)} into Go value of type handlers.jsonPatchOp");
            foreach (var (name, value) in fields)
            {
                if (!TextFields.Contains(name))
                {
                    errors.AddRange(name == "value" ? [] : [$"json patch unknown field \"[{index}].{name}\""]);
                }
                else if (value is not null && value.GetValueKind() != JsonValueKind.String)
                {
                    throw new DecodeException($"json: cannot unmarshal {GoFormat.JsonType(value)} into Go struct field jsonPatchOp.{name} of type string");
                }
            }
        }

        return errors;
    }
}
