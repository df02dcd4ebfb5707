using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Patching;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>PATCH of an object or of its status: applied to the newest state, again if somebody else was faster.</summary>
internal sealed class PatchEndpoint(UpdateOperation operation, ObjectAnswer answer) : IEndpoint
{
    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var scope = request.Info.Subresource == "status" ? UpdateScope.Status : UpdateScope.Main;
        var result = await PatchAsync(request, resource, scope);
        await answer.WriteAsync(request, resource, 200, result);
    }

    private async Task<WriteResult> PatchAsync(ApiRequest request, ServedResource resource, UpdateScope scope)
    {
        var write = WriteQuery.Read(request, resource, "PatchOptions");
        var validation = FieldValidationQuery.Read(request.Http.Request.Query, "PatchOptions");
        var apply = await ReadPatchAsync(request, resource.Strategy.Type);
        var update = new ObjectUpdate(scope, (current, _) =>
        {
            // Only a PUT creates what is missing.
            var patched = apply(current ?? throw StatusException.NotFound(resource.Name, write.Name));
            return ValueTask.FromResult(BodyDecoder.Decode(patched, resource.Strategy, validation, request.Warnings));
        });
        return await operation.UpdateAsync(write, update, request.Cancellation);
    }

    /// <summary>Reads the patch once; what is returned applies it to a copy of any document of that type.</summary>
    public static async ValueTask<Func<JsonObject, JsonObject>> ReadPatchAsync(ApiRequest request, ObjectType? type)
    {
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancellation);
        var contentType = MediaType.Parse(request.Http.Request.ContentType ?? "").Name;
        Func<JsonObject, JsonNode?, JsonObject> apply = contentType switch
        {
            MediaType.JsonPatch => JsonPatch.Apply,
            MediaType.MergePatch => MergePatch.Apply,
            MediaType.StrategicMergePatch when type is { Schema: null } => (document, patch) => StrategicMergePatch.Apply(document, patch, type),
            _ => throw StatusException.UnsupportedMediaType(MediaType.JsonPatch, MediaType.MergePatch, MediaType.StrategicMergePatch),
        };
        var patch = Parse(body.Span);
        return document => apply(document, patch);
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonCodec.ParseValue(body);
        }
        catch (DecodeException error)
        {
            throw StatusException.BadRequest(error.Message);
        }
    }
}
