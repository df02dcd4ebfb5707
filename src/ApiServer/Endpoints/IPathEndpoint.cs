using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Answers paths that are not resources: discovery, OpenAPI, health, version, metrics.</summary>
internal interface IPathEndpoint
{
    /// <summary>False if the path is another one's.</summary>
    Task<bool> TryHandleAsync(ApiRequest request);
}
