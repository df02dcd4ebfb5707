using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Answers one verb for every resource.</summary>
internal interface IEndpoint
{
    Task HandleAsync(ApiRequest request, ServedResource resource);
}
