using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Health;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Components;

/// <summary>Reads of ComponentStatus: every component is asked anew. Selectors mean nothing here, as upstream.</summary>
internal sealed class ComponentStatusEndpoint(IReadOnlyList<HealthCheck> components, ListEndpoint list, ObjectAnswer answer) : IEndpoint
{
    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var accept = AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept, resource.Kind);
        switch (request.Info.Verb)
        {
            case "list":
                var items = await Task.WhenAll(components.Select(component => ReadAsync(component, resource, request.Cancellation)));
                await list.WriteAsync(request, resource, accept, new ObjectPage(items, new ListMetadata(0)));
                break;
            case "get":
                var asked = components.FirstOrDefault(component => component.Name == request.Info.Name)
                    ?? throw StatusException.NotFound(resource.Name, request.Info.Name);
                await answer.WriteAsync(request, resource, 200, await ReadAsync(asked, resource, request.Cancellation));
                break;
            default:
                throw StatusException.MethodNotAllowed();
        }
    }

    private static async Task<CachedObject> ReadAsync(HealthCheck component, ServedResource resource, CancellationToken cancellationToken)
    {
        var reason = await component.CheckAsync(cancellationToken);
        var condition = new JsonObject { ["type"] = "Healthy", ["status"] = reason is null ? "True" : "False", ["message"] = reason ?? "ok" };
        var json = new JsonObject
        {
            ["kind"] = resource.Kind.Kind,
            ["apiVersion"] = resource.Kind.Version,
            ["metadata"] = new JsonObject { ["name"] = component.Name },
            ["conditions"] = new JsonArray(condition),
        };
        return resource.Cacher.ReadServed(JsonCodec.Write(json, resource.Strategy.Type));
    }
}
