using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>Makes the object of a resource out of a body: right kind, typed and pruned, defaulted. What is wrong with it is a BadRequest in upstream's words.</summary>
internal static class BodyDecoder
{
    /// <summary>Reads and decodes the body of a create or update.</summary>
    public static async ValueTask<JsonObject> ReadObjectAsync(ApiRequest request, ResourceStrategy strategy, FieldValidation validation)
    {
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancellation);
        return Decode(body, request.Http.Request.ContentType, strategy, validation, request.Warnings);
    }

    /// <summary>Decodes a body; without a content type it is JSON (CLIENTS.md A10). Warnings are added to the list, each once.</summary>
    public static JsonObject Decode(
        ReadOnlyMemory<byte> body, string? contentType, ResourceStrategy strategy, FieldValidation validation, List<string> warnings)
    {
        var (decoded, given) = Decode(body.Span, contentType, strategy.Kind, strategy.Type);
        Report(decoded.StrictErrors, given, strategy.Kind, validation, warnings);
        return Complete(decoded.Object, strategy);
    }

    /// <summary>Decodes options, which clients send as of the group that they talk to: their kind is the same in all.</summary>
    public static JsonObject DecodeOptions(ReadOnlySpan<byte> body, string? contentType, GroupVersionKind expected) =>
        Decode(body, contentType, expected, TypeGraph.BuiltIn.Find(expected), ofAnyGroup: true).Decoded.Object;

    /// <summary>Decodes a body that is of a kind, or says nothing of its kind. Throws BadRequest or UnsupportedMediaType.</summary>
    public static (DecodedObject Decoded, GroupVersionKind Given) Decode(
        ReadOnlySpan<byte> body, string? contentType, GroupVersionKind expected, ObjectType? type, bool ofAnyGroup = false)
    {
        var given = expected;
        try
        {
            switch (string.IsNullOrEmpty(contentType) ? MediaType.Json : MediaType.Parse(contentType).Name)
            {
                case MediaType.Json:
                    given = KindOf(body, expected);
                    CheckKind(given, ofAnyGroup && given.Kind == expected.Kind ? given : expected);
                    return (type is null ? JsonCodec.ParseStrict(body) : ObjectDecoder.Decode(body, type), given);
                case MediaType.Yaml:
                    var yaml = YamlCodec.Parse(body);
                    given = KindOf(yaml.Object, expected);
                    CheckKind(given, ofAnyGroup && given.Kind == expected.Kind ? given : expected);
                    var typed = type is null ? yaml : ObjectDecoder.Decode(yaml.Object, type);
                    return (typed with { StrictErrors = [.. yaml.StrictErrors, .. typed.StrictErrors] }, given);
                case MediaType.Protobuf when TypeGraph.BuiltIn.Find(expected) is not null:
                    var message = ProtobufCodec.Decode(body, expected);
                    given = KindOf(message.Object, expected);
                    CheckKind(given, ofAnyGroup && given.Kind == expected.Kind ? given : expected);
                    return (message, given);
                default:
                    throw StatusException.UnsupportedMediaType(
                        TypeGraph.BuiltIn.Find(expected) is not null ? [MediaType.Json, MediaType.Yaml, MediaType.Protobuf] : [MediaType.Json, MediaType.Yaml]);
            }
        }
        catch (DecodeException error)
        {
            throw StatusException.BadRequest(error.Describe(given, expected.Kind));
        }
    }

    /// <summary>Checks and defaults an object that is at hand already: the result of a patch.</summary>
    public static JsonObject Decode(JsonObject obj, ResourceStrategy strategy, FieldValidation validation, List<string> warnings)
    {
        CheckKind(KindOf(obj, strategy.Kind), strategy.Kind);
        try
        {
            var decoded = strategy.Type is { } type ? ObjectDecoder.Decode(obj, type) : new DecodedObject(obj, []);
            Report(decoded.StrictErrors, strategy.Kind, strategy.Kind, validation, warnings);
            return Complete(decoded.Object, strategy);
        }
        catch (DecodeException error)
        {
            throw StatusException.BadRequest(error.Describe(strategy.Kind, strategy.Kind.Kind));
        }
    }

    /// <summary>Gives a typed object its kind and defaults.</summary>
    public static JsonObject Complete(JsonObject obj, ResourceStrategy strategy)
    {
        obj["kind"] = strategy.Kind.Kind;
        obj["apiVersion"] = strategy.Kind.ApiVersion;
        if (obj["metadata"] is not JsonObject)
        {
            obj["metadata"] = new JsonObject();
        }

        strategy.ApplyDefaults(obj);
        return obj;
    }

    private static void Report(
        IReadOnlyList<string> errors, GroupVersionKind given, GroupVersionKind expected, FieldValidation validation, List<string> warnings)
    {
        if (errors.Count == 0)
        {
            return;
        }

        switch (validation)
        {
            case FieldValidation.Strict:
                throw StatusException.BadRequest(DecodeException.Describe(given, expected.Kind, errors));
            case FieldValidation.Warn:
                warnings.AddRange(errors.Where(error => !warnings.Contains(error)));
                break;
        }
    }

    /// <summary>An object that says of what kind it is must be of that kind.</summary>
    public static void CheckKind(JsonObject obj, GroupVersionKind expected) => CheckKind(KindOf(obj, expected), expected);

    private static void CheckKind(GroupVersionKind given, GroupVersionKind expected)
    {
        if (given.ApiVersion.Length > 0 && given.ApiVersion != expected.ApiVersion)
        {
            throw StatusException.BadRequest(
                $"the API version in the data ({given.ApiVersion}) does not match the expected API version ({expected.ApiVersion})");
        }

        if (given.Kind.Length > 0 && given.Kind != expected.Kind)
        {
            throw StatusException.BadRequest(
                $"{given.Kind} in version \"{expected.Version}\" cannot be handled as a {expected.Kind}: " +
                $"the kind in the data ({given.Kind}) does not match the expected kind ({expected.Kind})");
        }
    }

    private static GroupVersionKind KindOf(JsonObject obj, GroupVersionKind expected) => GroupVersionKind.Parse(
        obj.StringAt("apiVersion") is { Length: > 0 } apiVersion ? apiVersion : expected.ApiVersion,
        obj.StringAt("kind") is { Length: > 0 } kind ? kind : expected.Kind);

    /// <summary>The kind that the body names; what it does not name is as expected.</summary>
    private static GroupVersionKind KindOf(ReadOnlySpan<byte> json, GroupVersionKind expected)
    {
        string? kind = null;
        string? apiVersion = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            while ((kind is null || apiVersion is null) && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKind = reader.ValueTextEquals("kind"u8);
                var isVersion = reader.ValueTextEquals("apiVersion"u8);
                reader.Read();
                if (isKind && reader.TokenType == JsonTokenType.String)
                {
                    kind = reader.GetString();
                }
                else if (isVersion && reader.TokenType == JsonTokenType.String)
                {
                    apiVersion = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            // The decoder says what is wrong with the text, in upstream's words.
            return expected;
        }

        return GroupVersionKind.Parse(
            string.IsNullOrEmpty(apiVersion) ? expected.ApiVersion : apiVersion, string.IsNullOrEmpty(kind) ? expected.Kind : kind);
    }
}
