using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>What changed definitions change in the catalog, prepared: nothing of it is seen before <see cref="Publish"/>.</summary>
internal sealed class CatalogChange(CustomResourceFeed feed)
{
    private readonly Dictionary<string, (CustomResourceSet? Before, CustomResourceSet? After)> _sets = new(StringComparer.Ordinal);

    /// <summary>What definitions are to mean, by their keys; null for one that is gone.</summary>
    public IReadOnlyDictionary<string, CustomResourceSet?> Sets => _sets.ToDictionary(set => set.Key, set => set.Value.After);

    public IEnumerable<ServedResource> Removed => _sets.Values.Where(set => set.Before != set.After).SelectMany(set => set.Before?.Resources ?? []);

    public IEnumerable<ServedResource> Added => _sets.Values.Where(set => set.Before != set.After).SelectMany(set => set.After?.Resources ?? []);

    public IEnumerable<Cacher> AddedCachers => Added.Select(resource => resource.Cacher);

    /// <param name="key">Of the definition.</param>
    /// <param name="before">What it means now; the first that is told counts.</param>
    /// <param name="after">What it is to mean; the last counts.</param>
    public void Replace(string key, CustomResourceSet? before, CustomResourceSet? after) =>
        _sets[key] = (_sets.TryGetValue(key, out var known) ? known.Before : before, after);

    public void Publish() => feed.Publish(this);
}
