using System.Collections.Immutable;

using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>All objects of a resource as of a revision. Immutable.</summary>
/// <param name="Revision">The last change that is in it.</param>
/// <param name="Objects">By <c>namespace/name</c>.</param>
/// <param name="Index">By <c>value/namespace/name</c> of the indexed field; empty when the kind has none.</param>
internal sealed record CacheSnapshot(long Revision, BTree<CachedObject> Objects, BTree<CachedObject> Index)
{
    /// <summary>Whether <see cref="Index"/> was filled; not so for states that were read back from the store.</summary>
    public bool IsIndexed { get; init; } = true;

    /// <summary>What the store holds but nobody can read, by key. What there was before that is still in <see cref="Objects"/>.</summary>
    public ImmutableSortedDictionary<string, UnreadableObject> Unreadable { get; init; } = ImmutableSortedDictionary.Create<string, UnreadableObject>(StringComparer.Ordinal);

    /// <summary>How many bytes of objects all changes up to this one have replaced or deleted: the difference of two states is what the older one holds alone.</summary>
    public long ReplacedBytes { get; init; }

    public static CacheSnapshot Empty { get; } = new(0, BTree<CachedObject>.Empty, BTree<CachedObject>.Empty);

    /// <summary>Throws StorageReadError if what the filter asks for cannot all be read.</summary>
    public void CheckReadable(ObjectFilter filter, GroupVersionResource resource, string storePrefix)
    {
        if (!Unreadable.IsEmpty && Unreadable.Where(entry => filter.MayMatch(entry.Key)).Select(entry => entry.Value).ToList() is { Count: > 0 } wanted)
        {
            throw UnreadableObject.ToStatus(resource, storePrefix + filter.KeyPrefix, wanted);
        }
    }

    /// <summary>Visits what may match the filter, in key order, from a key (inclusive) on, until the visitor returns false.</summary>
    public void Visit(ObjectFilter filter, string start, Func<CachedObject, bool> visit)
    {
        if (filter.Key is { } key)
        {
            if (string.CompareOrdinal(start, key) <= 0 && Objects.Find(key) is { } only && filter.Matches(only))
            {
                visit(only);
            }
        }
        else if (IsIndexed && filter.IndexedValue is { } value)
        {
            var prefix = $"{value}/{filter.KeyPrefix}";
            Index.VisitPrefix(prefix, $"{value}/{start}", obj => !filter.Matches(obj) || visit(obj));
        }
        else
        {
            Objects.VisitPrefix(filter.KeyPrefix, start, obj => !filter.Matches(obj) || visit(obj));
        }
    }
}
