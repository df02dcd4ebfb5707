namespace MiniKube.ApiServer.WatchCache;

/// <summary>Keys and their values, side by side.</summary>
internal sealed class BTreeLeaf<T>(string[] keys, T[] values) : BTreeNode<T>
    where T : class
{
    private readonly string[] _keys = keys;
    private readonly T[] _values = values;

    public override string FirstKey => _keys[0];

    public override int EntryCount => _keys.Length;

    public override T? Find(string key) => Search(key) is >= 0 and var index ? _values[index] : null;

    public override (BTreeNode<T> Left, BTreeNode<T>? Right, bool Added) Set(string key, T value)
    {
        var index = Search(key);
        if (index >= 0)
        {
            var values = (T[])_values.Clone();
            values[index] = value;
            return (new BTreeLeaf<T>(_keys, values), null, false);
        }

        string[] allKeys = [.. _keys.AsSpan(0, ~index), key, .. _keys.AsSpan(~index)];
        T[] allValues = [.. _values.AsSpan(0, ~index), value, .. _values.AsSpan(~index)];
        if (allKeys.Length <= Capacity)
        {
            return (new BTreeLeaf<T>(allKeys, allValues), null, true);
        }

        // Names often come in rising order (web-1, web-2): then the left node stays full and the right one takes what follows.
        var middle = ~index == _keys.Length ? Capacity : allKeys.Length / 2;
        return (new BTreeLeaf<T>(allKeys[..middle], allValues[..middle]), new BTreeLeaf<T>(allKeys[middle..], allValues[middle..]), true);
    }

    public override BTreeNode<T>? Remove(string key)
    {
        var index = Search(key);
        if (index < 0)
        {
            return this;
        }

        return _keys.Length == 1
            ? null
            : new BTreeLeaf<T>(
                [.. _keys.AsSpan(0, index), .. _keys.AsSpan(index + 1)], [.. _values.AsSpan(0, index), .. _values.AsSpan(index + 1)]);
    }

    public override bool VisitFrom(string start, Func<string, T, bool> visit)
    {
        var index = Search(start);
        for (var i = index < 0 ? ~index : index; i < _keys.Length; i++)
        {
            if (!visit(_keys[i], _values[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override BTreeNode<T>? MergeWith(BTreeNode<T> next) =>
        next is BTreeLeaf<T> leaf && EntryCount + leaf.EntryCount <= Fill
            ? new BTreeLeaf<T>([.. _keys, .. leaf._keys], [.. _values, .. leaf._values])
            : null;

    private int Search(string key) => Array.BinarySearch(_keys, key, StringComparer.Ordinal);
}
