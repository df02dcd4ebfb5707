using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>DELETE of one object. Answers with the object where it is still there or the kind wants it so, else with a Status (CLIENTS.md A19).</summary>
internal sealed class DeleteEndpoint(DeleteOperation operation, UnsafeDeletion unsafely, ObjectAnswer answer) : IEndpoint
{
    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var options = await DeleteOptionsReader.ReadAsync(request);
        var write = WriteQuery.Read(request, resource, "DeleteOptions") with { DryRun = options.DryRun };
        if (options.IgnoresReadErrors)
        {
            await unsafely.DeleteAsync(write, request.Cancellation);
            await Answer.WriteStatusAsync(request, StatusDocument.Deleted(resource.Name.Group, resource.Name.Resource, write.Name, null));
            return;
        }

        var result = await operation.DeleteAsync(write, options, request.Cancellation);
        if (result.IsGone && !resource.Strategy.ReturnsDeletedObject)
        {
            var name = resource.Name;
            await Answer.WriteStatusAsync(
                request, StatusDocument.Deleted(name.Group, name.Resource, write.Name, result.Object.StringAt("metadata", "uid")));
        }
        else
        {
            // Whoever asked for a cascade in the old form is told that it goes on.
            var status = !result.IsGone && options.OrphanDependents == false ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
            await answer.WriteAsync(request, resource, status, result);
        }
    }
}
