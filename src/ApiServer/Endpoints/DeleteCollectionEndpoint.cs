using MiniKube.Api.Errors;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>DELETE of all objects of a collection that match the selectors. Answers with the list of them.</summary>
internal sealed class DeleteCollectionEndpoint(ListReader reader, DeleteOperation operation, ListEndpoint lists) : IEndpoint
{
    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var accept = AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept, resource.Kind);
        var query = ReadQuery.Parse(request, resource, isWatch: false);
        var options = await DeleteOptionsReader.ReadAsync(request);
        var write = WriteQuery.Read(request, resource, "DeleteOptions") with { DryRun = options.DryRun };
        var page = await reader.ReadAsync(resource, query, request.Cancellation);
        foreach (var obj in page.Items)
        {
            try
            {
                await operation.DeleteAsync(write with { Namespace = obj.Namespace, Name = obj.Name }, options, request.Cancellation);
            }
            catch (StatusException error) when (error.Code == 404)
            {
                // Somebody else deleted it first: that is what was asked for.
                continue;
            }
        }

        await lists.WriteAsync(request, resource, accept, page);
    }
}
