using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Patching;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Patching;

/// <summary>
/// A patch as the client sent it: read once, applied to as many states of the object as it takes. Every endpoint that is patched uses it, so that they all know every form.
/// </summary>
internal sealed class PatchBody
{
    private const string OptionsKind = "PatchOptions";

    private readonly string _mediaType;
    private readonly PatchTarget _target;
    private readonly FieldValidation _validation;
    private readonly List<string> _warnings;
    private readonly bool _force;
    private readonly JsonNode? _patch;
    private readonly IReadOnlyList<string> _strictErrors;

    private PatchBody(string mediaType, PatchTarget target, FieldValidation validation, bool force, List<string> warnings, ReadOnlySpan<byte> body)
    {
        _mediaType = mediaType;
        _target = target;
        _validation = validation;
        _force = force;
        _warnings = warnings;
        (_patch, _strictErrors) = IsApply ? PatchReader.ReadConfiguration(body) : PatchReader.Read(body, mediaType, validation);
    }

    /// <summary>Whether it is a configuration to apply: that may create the object.</summary>
    public bool IsApply => _mediaType == MediaType.ApplyPatch;

    /// <summary>Reads form, options and body, in upstream's order. Throws UnsupportedMediaType, Invalid (options) or BadRequest.</summary>
    public static async ValueTask<PatchBody> ReadAsync(ApiRequest request, PatchTarget target)
    {
        var http = request.Http.Request;
        var mediaType = MediaType.Parse(http.ContentType ?? "").Name;
        if (!target.MediaTypes.Contains(mediaType))
        {
            throw StatusException.UnsupportedMediaType(target.MediaTypes);
        }

        var force = ReadForce(http, mediaType == MediaType.ApplyPatch);
        var validation = FieldValidationQuery.Read(http.Query, OptionsKind);
        var body = await RequestBody.ReadAsync(http, request.Cancellation);
        return new PatchBody(mediaType, target, validation, force, request.Warnings, body.Span);
    }

    /// <summary>Makes the new object of the stored one, which is not changed: patched, typed and defaulted. An applied one says in managedFields who owns what.</summary>
    /// <param name="write">By whom it is written.</param>
    /// <param name="current">The stored object; null if there is none.</param>
    /// <param name="now">The time of the write.</param>
    public JsonObject ApplyTo(WriteRequest write, JsonObject? current, DateTimeOffset now)
    {
        var patched = IsApply ? ApplyConfiguration(write, current, now) : Patch(write, current);
        if (string.IsNullOrEmpty(patched.StringAt("metadata", "name")))
        {
            throw StatusException.BadRequest($"the name of the object ({write.Name} based on URL) was undeterminable: name must be provided");
        }

        return patched;
    }

    private JsonObject ApplyConfiguration(WriteRequest write, JsonObject? current, DateTimeOffset now)
    {
        var config = (JsonObject?)_patch ?? [];
        var type = _target.Type ?? throw StatusException.UnsupportedMediaType(_target.MediaTypes);
        var merged = _target.Fields(write, type, now).Apply(current, config, _force);
        ReportDuplicates();
        try
        {
            return _target.Complete(ObjectDecoder.Decode(merged, type).Object);
        }
        catch (DecodeException error)
        {
            var name = $"{config.StringAt("metadata", "namespace")}/{config.StringAt("metadata", "name")}";
            throw StatusException.Unclassified(
                $"failed to convert new typed object ({name}; {_target.Kind.Group}/{_target.Kind.Version}, Kind={_target.Kind.Kind}) to object: {error.Message}");
        }
    }

    // After conflicts, as upstream. The error is one text; the warnings are its lines.
    private void ReportDuplicates()
    {
        foreach (var error in _strictErrors)
        {
            if (_validation == FieldValidation.Strict)
            {
                throw StatusException.BadRequest($"error strict decoding YAML: error converting YAML to JSON: {error}");
            }

            foreach (var line in error.Split('\n').Skip(1))
            {
                Warn(line.Trim());
            }
        }
    }

    private JsonObject Patch(WriteRequest write, JsonObject? current)
    {
        var document = current ?? throw StatusException.NotFound(write.Resource.Name, write.Name);
        var patched = _mediaType switch
        {
            MediaType.JsonPatch => JsonPatch.Apply(document, _patch),
            MediaType.MergePatch => MergePatch.Apply(document, _patch),
            _ => StrategicMergePatch.Apply(document, _patch, _target.Type ?? throw StatusException.UnsupportedMediaType(_target.MediaTypes)),
        };
        BodyDecoder.CheckKind(patched, _target.Kind);
        if (_target.Type is not { } type)
        {
            return _target.Complete(patched);
        }

        try
        {
            var decoded = ObjectDecoder.Decode(patched, type);
            string[] errors = [.. _strictErrors, .. decoded.StrictErrors];
            if (errors.Length > 0 && _validation == FieldValidation.Strict)
            {
                throw Invalid(patched, $"strict decoding error: {string.Join(", ", errors)}");
            }

            foreach (var error in errors)
            {
                Warn(error);
            }

            return _target.Complete(decoded.Object);
        }
        catch (DecodeException error)
        {
            throw Invalid(patched, error.Message);
        }
    }

    // Upstream names no kind and no name here, and shows a strategic patch as Go prints it.
    private StatusException Invalid(JsonObject patched, string reason)
    {
        var shown = _mediaType == MediaType.StrategicMergePatch
            ? GoFormat.Value(_patch)
            : System.Text.Encoding.UTF8.GetString(JsonCodec.Write(patched, null));
        return StatusException.Invalid(new Api.Meta.GroupVersionKind("", "", ""), "", [FieldError.Invalid("patch", shown, reason)]);
    }

    private void Warn(string warning)
    {
        if (_validation == FieldValidation.Warn && !_warnings.Contains(warning))
        {
            _warnings.Add(warning);
        }
    }

    private static bool ReadForce(HttpRequest request, bool isApply)
    {
        if (isApply)
        {
            FieldManagerQuery.Require(request);
            return QueryBoolean.Read(request.Query, "force");
        }

        return !request.Query.ContainsKey("force")
            ? false
            : throw FieldManagerQuery.Invalid(OptionsKind, [FieldError.Forbidden("force", "may not be specified for non-apply patch")]);
    }
}
