using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>All that the documents tell about: the resources at one moment.</summary>
internal sealed class OpenApiModel(IReadOnlyList<OpenApiResource> resources)
{
    // Every group version has these; the documents name them all.
    private static readonly HashSet<string> KindsOfEveryGroup = ["DeleteOptions", "WatchEvent"];

    public IReadOnlyList<OpenApiResource> Resources { get; } =
        [.. resources.OrderBy(resource => resource.GroupKey, StringComparer.Ordinal).ThenBy(resource => resource.Plural, StringComparer.Ordinal)];

    /// <summary>The keys of the documents of OpenAPI 3, with their resources.</summary>
    public ILookup<string, OpenApiResource> Groups { get; } =
        resources.OrderBy(resource => resource.GroupKey, StringComparer.Ordinal).ThenBy(resource => resource.Plural, StringComparer.Ordinal)
            .ToLookup(resource => resource.GroupKey);

    /// <summary>The keys of the other documents of OpenAPI 3, which tell of no resource.</summary>
    public IReadOnlySet<string> General { get; } = GeneralPaths.Keys(resources).ToHashSet(StringComparer.Ordinal);

    public SchemaBuilder NewSchemas(OpenApiFlavour flavour)
    {
        var kinds = Resources.SelectMany(Kinds).Distinct().ToLookup(pair => pair.Type, pair => pair.Kind);
        var custom = Resources.Where(resource => resource.Custom is not null)
            .SelectMany(resource => resource.Custom!.Types.Select(type => (Type: type, Schema: resource.Custom)))
            .ToDictionary(pair => pair.Type, pair => pair.Schema);
        return new SchemaBuilder(flavour, TypeDescriptions.Load(), type => KindsOf(type, kinds), custom.GetValueOrDefault);
    }

    private static IEnumerable<(ObjectType Type, GroupVersionKind Kind)> Kinds(OpenApiResource resource)
    {
        if (resource.Type is { } type)
        {
            yield return (type, resource.Kind);
        }

        if (resource.ListType is { } listType)
        {
            yield return (listType, resource.Kind with { Kind = listType.Name });
        }

        foreach (var subresource in resource.Subresources)
        {
            if (subresource.Type is { } part)
            {
                yield return (part, subresource.Kind);
            }
        }
    }

    private List<JsonObject> KindsOf(ObjectType type, ILookup<ObjectType, GroupVersionKind> kinds)
    {
        if (type.Package != "meta/v1" || !type.IsKind)
        {
            return [.. kinds[type].Select(OperationBuilder.KindOf)];
        }

        var core = new GroupVersionKind("", "v1", type.Name);
        return KindsOfEveryGroup.Contains(type.Name)
            ? [.. Resources.Where(resource => resource.Custom is null).Select(resource => resource.Kind with { Kind = type.Name }).Prepend(core).Distinct().Select(OperationBuilder.KindOf)]
            : [OperationBuilder.KindOf(core)];
    }
}
