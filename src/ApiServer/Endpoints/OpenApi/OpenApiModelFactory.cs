using MiniKube.Api.Schema;
using MiniKube.ApiServer.CustomResources;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>Tells what the documents are to tell, of the resources that are served.</summary>
internal static class OpenApiModelFactory
{
    private static readonly string[] StatusVerbs = ["get", "patch", "update"];

    public static OpenApiModel Create(IEnumerable<ServedResource> resources, IReadOnlyList<ISubresource> subresources) =>
        new([.. resources.Select(resource => Describe(resource, subresources.Where(subresource => subresource.Serves(resource))))]);

    private static OpenApiResource Describe(ServedResource resource, IEnumerable<ISubresource> subresources)
    {
        var strategy = resource.Strategy;
        var custom = strategy is CustomResourceStrategy definition ? new CustomSchema(definition) : null;
        var type = custom is null ? strategy.Type : custom.Type;
        var parts = subresources.Select(subresource =>
            new OpenApiSubresource(subresource.Name, subresource.Kind, TypeGraph.BuiltIn.Find(subresource.Kind), subresource.Verbs));
        if (strategy.HasStatus)
        {
            parts = parts.Prepend(new OpenApiSubresource("status", strategy.Kind, type, StatusVerbs));
        }

        return new OpenApiResource(
            strategy.Kind,
            strategy.Plural,
            strategy.NamespaceScoped,
            type,
            custom is not null ? custom.ListType : TypeGraph.BuiltIn.Find(strategy.Kind with { Kind = $"{strategy.Kind.Kind}List" }),
            strategy.Verbs,
            [.. parts.OrderBy(part => part.Name, StringComparer.Ordinal)]) { Custom = custom };
    }
}
