using System.Collections.Frozen;

using MiniKube.Api.Meta;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Registry;

/// <summary>
/// Every resource that is served. Found once, from the strategies; routes, discovery, OpenAPI, tables and storage prefixes are derived from it.
/// </summary>
internal sealed class ResourceCatalog
{
    private readonly FrozenDictionary<GroupVersionResource, ServedResource> _resources;

    private ResourceCatalog(IReadOnlyList<ServedResource> resources)
    {
        All = resources;
        _resources = resources.ToFrozenDictionary(resource => resource.Name);
    }

    public IReadOnlyList<ServedResource> All { get; }

    /// <summary>All strategies of this assembly: a kind is served because its file is there.</summary>
    public static IReadOnlyList<ResourceStrategy> BuiltInStrategies() =>
    [
        .. typeof(ResourceCatalog).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && type.IsSubclassOf(typeof(ResourceStrategy)))
            .Select(type => (ResourceStrategy)Activator.CreateInstance(type, nonPublic: true)!),
    ];

    /// <param name="strategies">The kinds.</param>
    /// <param name="cachers">Receives a cacher for each.</param>
    /// <param name="participants">What changes together with objects, by kind.</param>
    /// <param name="makeCacher">Makes the cacher of what a reader reads.</param>
    /// <param name="logger">Told of values that cannot be read.</param>
    public static ResourceCatalog Create(
        IReadOnlyList<ResourceStrategy> strategies,
        CacherSet cachers,
        IReadOnlyDictionary<GroupVersionKind, IWriteParticipant> participants,
        Func<ObjectReader, Cacher> makeCacher,
        ILogger<ObjectReader> logger)
    {
        var resources = new List<ServedResource>(strategies.Count);
        foreach (var strategy in strategies)
        {
            var codec = new ObjectCodec(strategy);
            var prefix = StoragePrefixes.Of(strategy.StoredKind.Group, strategy.Plural);
            var cacher = makeCacher(new ObjectReader(prefix, strategy, codec, logger));
            resources.Add(new ServedResource(strategy, cacher, codec, participants.GetValueOrDefault(strategy.Kind)));
        }

        cachers.Add(resources.Select(resource => resource.Cacher));
        return new ResourceCatalog(resources);
    }

    public ServedResource? Find(GroupVersionResource resource) => _resources.GetValueOrDefault(resource);

    public bool HasGroup(string group) => All.Any(resource => resource.Name.Group == group);

    public ServedResource Get(string group, string version, string resource) =>
        Find(new GroupVersionResource(group, version, resource))
        ?? throw new InvalidOperationException($"{resource} of {group}/{version} is not served.");
}
