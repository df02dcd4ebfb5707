namespace MiniKube.ApiServer.WatchCache;

/// <summary>Children in key order; a key belongs to the last child whose first key is not above it.</summary>
internal sealed class BTreeInner<T>(BTreeNode<T>[] children) : BTreeNode<T>
    where T : class
{
    private readonly string[] _firstKeys = Array.ConvertAll(children, child => child.FirstKey);

    public IReadOnlyList<BTreeNode<T>> Children { get; } = children;

    public override string FirstKey => _firstKeys[0];

    public override int EntryCount => Children.Count;

    public override T? Find(string key) => Children[IndexOf(key)].Find(key);

    public override (BTreeNode<T> Left, BTreeNode<T>? Right, bool Added) Set(string key, T value)
    {
        var index = IndexOf(key);
        var (left, right, added) = Children[index].Set(key, value);
        if (right is null)
        {
            return (With(index, 1, left), null, added);
        }

        var all = With(index, 1, left, right);
        if (all.EntryCount <= Capacity)
        {
            return (all, null, added);
        }

        var nodes = all.Children.ToArray();
        var middle = index == Children.Count - 1 ? Capacity : nodes.Length / 2;
        return (new BTreeInner<T>(nodes[..middle]), new BTreeInner<T>(nodes[middle..]), added);
    }

    public override BTreeNode<T>? Remove(string key)
    {
        var index = IndexOf(key);
        var child = Children[index].Remove(key);
        if (ReferenceEquals(child, Children[index]))
        {
            return this;
        }

        if (child is null)
        {
            return Children.Count == 1 ? null : With(index, 1);
        }

        // Without merging, many deletions would leave many nodes of one entry each.
        if (index + 1 < Children.Count && child.MergeWith(Children[index + 1]) is { } withNext)
        {
            return With(index, 2, withNext);
        }

        return index > 0 && Children[index - 1].MergeWith(child) is { } withPrevious
            ? With(index - 1, 2, withPrevious)
            : With(index, 1, child);
    }

    public override bool VisitFrom(string start, Func<string, T, bool> visit)
    {
        for (var i = IndexOf(start); i < Children.Count; i++)
        {
            if (!Children[i].VisitFrom(start, visit))
            {
                return false;
            }
        }

        return true;
    }

    public override BTreeNode<T>? MergeWith(BTreeNode<T> next) =>
        next is BTreeInner<T> inner && EntryCount + inner.EntryCount <= Fill
            ? new BTreeInner<T>([.. Children, .. inner.Children])
            : null;

    private BTreeInner<T> With(int index, int replaced, params ReadOnlySpan<BTreeNode<T>> nodes)
    {
        var all = (BTreeNode<T>[])Children;
        return new BTreeInner<T>([.. all.AsSpan(0, index), .. nodes, .. all.AsSpan(index + replaced)]);
    }

    private int IndexOf(string key)
    {
        var index = Array.BinarySearch(_firstKeys, key, StringComparer.Ordinal);
        return index >= 0 ? index : Math.Max(0, ~index - 1);
    }
}
