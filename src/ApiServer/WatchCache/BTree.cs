namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// An immutable sorted map from strings (in ordinal order) to values. A change copies the path from the root to one leaf, O(log n), and shares the rest:
/// whoever holds an old tree goes on reading it as it was, without a lock.
/// </summary>
internal sealed class BTree<T>
    where T : class
{
    private readonly BTreeNode<T>? _root;

    private BTree(BTreeNode<T>? root, int count)
    {
        _root = root;
        Count = count;
    }

    public static BTree<T> Empty { get; } = new(null, 0);

    public int Count { get; }

    /// <summary>Makes a tree of pairs that are already sorted by key, in O(n).</summary>
    public static BTree<T> FromSorted(IReadOnlyList<KeyValuePair<string, T>> items)
    {
        var nodes = new List<BTreeNode<T>>();
        foreach (var chunk in items.Chunk(BTreeNode<T>.Fill))
        {
            nodes.Add(new BTreeLeaf<T>([.. chunk.Select(item => item.Key)], [.. chunk.Select(item => item.Value)]));
        }

        while (nodes.Count > 1)
        {
            nodes = [.. nodes.Chunk(BTreeNode<T>.Fill).Select(chunk => (BTreeNode<T>)new BTreeInner<T>(chunk))];
        }

        return new BTree<T>(nodes.Count == 0 ? null : nodes[0], items.Count);
    }

    public T? Find(string key) => _root?.Find(key);

    public BTree<T> Set(string key, T value)
    {
        if (_root is null)
        {
            return new BTree<T>(new BTreeLeaf<T>([key], [value]), 1);
        }

        var (left, right, added) = _root.Set(key, value);
        return new BTree<T>(right is null ? left : new BTreeInner<T>([left, right]), added ? Count + 1 : Count);
    }

    public BTree<T> Remove(string key)
    {
        var root = _root?.Remove(key);
        if (ReferenceEquals(root, _root))
        {
            return this;
        }

        // An inner root with one child is a level that is not needed any more.
        while (root is BTreeInner<T> { Children: [var only] })
        {
            root = only;
        }

        return new BTree<T>(root, Count - 1);
    }

    /// <summary>Visits the values from a key (inclusive) on, in order, until the visitor returns false.</summary>
    public void VisitFrom(string start, Func<string, T, bool> visit) => _root?.VisitFrom(start, visit);

    /// <summary>Visits the values whose key begins with a prefix, from a key (inclusive) on, until the visitor returns false.</summary>
    public void VisitPrefix(string prefix, string start, Func<T, bool> visit) => VisitFrom(
        string.CompareOrdinal(start, prefix) > 0 ? start : prefix,
        (key, value) => key.StartsWith(prefix, StringComparison.Ordinal) && visit(value));
}
