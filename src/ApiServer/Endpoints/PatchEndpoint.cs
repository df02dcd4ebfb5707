using MiniKube.ApiServer.Endpoints.Patching;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>PATCH of an object or of its status: applied to the newest state, again if somebody else was faster. Server-side apply creates what is missing.</summary>
internal sealed class PatchEndpoint(UpdateOperation operation, ObjectAnswer answer, TimeProvider clock) : IEndpoint
{
    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var scope = request.Info.Subresource == "status" ? UpdateScope.Status : UpdateScope.Main;
        var result = await PatchAsync(request, resource, scope);
        await answer.WriteAsync(request, resource, result.IsCreated ? 201 : 200, result);
    }

    /// <summary>Patches through a subresource whose documents are the objects themselves.</summary>
    public async Task<WriteResult> PatchAsync(ApiRequest request, ServedResource resource, UpdateScope scope)
    {
        var patch = await PatchBody.ReadAsync(request, PatchTarget.Of(resource.Strategy));
        var write = WriteQuery.Read(request, resource, "PatchOptions");
        var update = new ObjectUpdate(
            scope,
            (current, _) => ValueTask.FromResult(patch.ApplyTo(write, current, clock.GetUtcNow())),
            CreatesIfMissing: patch.IsApply && write.Subresource.Length == 0,
            RecordsFields: patch.IsApply);
        return await operation.UpdateAsync(write, update, request.Cancellation);
    }
}
