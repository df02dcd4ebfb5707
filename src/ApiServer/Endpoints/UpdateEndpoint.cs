using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>PUT of an object or of its status.</summary>
internal sealed class UpdateEndpoint(UpdateOperation operation, ObjectAnswer answer) : IEndpoint
{
    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var write = WriteQuery.Read(request, resource, "UpdateOptions");
        var validation = FieldValidationQuery.Read(request.Http.Request.Query, "UpdateOptions");
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancellation);
        var contentType = request.Http.Request.ContentType;
        var isStatus = request.Info.Subresource == "status";
        var update = new ObjectUpdate(
            isStatus ? UpdateScope.Status : UpdateScope.Main,
            (_, _) =>
            {
                // Decoded again for another attempt: the last one has changed it.
                var obj = BodyDecoder.Decode(body, contentType, resource.Strategy, validation, request.Warnings);
                return ValueTask.FromResult(obj);
            },
            CreatesIfMissing: !isStatus && resource.Strategy.AllowCreateOnUpdate,
            ExpectsUid: true);
        var result = await operation.UpdateAsync(write, update, request.Cancellation);
        await answer.WriteAsync(request, resource, result.IsCreated ? 201 : 200, result);
    }
}
