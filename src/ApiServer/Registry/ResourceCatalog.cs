using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

using MiniKube.Api.Meta;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Registry;

/// <summary>
/// Every resource that is served: the built-in ones, found once from the strategies, and custom ones, which come and go. Routes, discovery, OpenAPI, tables
/// and storage prefixes are derived from it.
/// </summary>
internal sealed class ResourceCatalog
{
    private volatile CatalogSnapshot _current;

    private ResourceCatalog(IReadOnlyList<ServedResource> resources) => _current = new CatalogSnapshot(
        resources.ToFrozenDictionary(resource => resource.Name), ImmutableDictionary.Create<GroupVersionResource, ServedResource>());

    /// <summary>What is served now. What is made of it is good as long as this is the same object.</summary>
    public CatalogSnapshot Current => _current;

    /// <summary>All strategies of this assembly that stand alone: a kind is served because its file is there.</summary>
    public static IReadOnlyList<ResourceStrategy> BuiltInStrategies() =>
    [
        .. typeof(ResourceCatalog).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && type.IsSubclassOf(typeof(ResourceStrategy)))
            .Where(type => type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, Type.EmptyTypes) is not null)
            .Select(type => (ResourceStrategy)Activator.CreateInstance(type, nonPublic: true)!),
    ];

    /// <param name="strategies">The kinds.</param>
    /// <param name="cachers">Receives a cacher for each that is stored.</param>
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

        // What is not stored has nothing to be fed, though another kind may be stored under its plural.
        cachers.Add(resources.Where(resource => resource.Strategy.IsStored).Select(resource => resource.Cacher));
        return new ResourceCatalog(resources);
    }

    public ServedResource? Find(GroupVersionResource resource) => _current.Find(resource);

    public bool HasGroup(string group) => _current.All.Any(resource => resource.Name.Group == group);

    public ServedResource Get(string group, string version, string resource) =>
        Find(new GroupVersionResource(group, version, resource))
        ?? throw new InvalidOperationException($"{resource} of {group}/{version} is not served.");

    /// <summary>Serves other custom resources from now on. Only the feed of the cache calls this.</summary>
    public void Change(IEnumerable<ServedResource> removed, IEnumerable<ServedResource> added) => _current = _current.With(removed, added);
}
