using MiniKube.ApiServer.Endpoints.Components;
using MiniKube.ApiServer.Endpoints.Metrics;
using MiniKube.ApiServer.Endpoints.Reviews;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Requests for kinds that are not stored: what they ask is done or computed.</summary>
internal sealed class UnstoredEndpoint(
    BindingEndpoint bindings, ComponentStatusEndpoint components, NodeUsageEndpoint nodeUsage, PodUsageEndpoint podUsage, ReviewEndpoint reviews) : IEndpoint
{
    public Task HandleAsync(ApiRequest request, ServedResource resource) => resource.Kind.Kind switch
    {
        "Binding" => bindings.HandleAsync(request, resource),
        "ComponentStatus" => components.HandleAsync(request, resource),
        "NodeMetrics" => nodeUsage.HandleAsync(request, resource),
        "PodMetrics" => podUsage.HandleAsync(request, resource),
        _ => reviews.HandleAsync(request, resource),
    };
}
