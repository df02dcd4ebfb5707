namespace MiniKube.ApiServer.WatchCache;

/// <summary>A node of a <see cref="BTree{T}"/>; never changed once made.</summary>
internal abstract class BTreeNode<T>
    where T : class
{
    /// <summary>The most entries of a node. A change copies this much a level, so small; a list walks node by node, so not too small.</summary>
    public const int Capacity = 32;

    /// <summary>How full nodes are made when many are made at once: leaves room for what comes.</summary>
    public const int Fill = 24;

    public abstract string FirstKey { get; }

    public abstract int EntryCount { get; }

    public abstract T? Find(string key);

    public abstract (BTreeNode<T> Left, BTreeNode<T>? Right, bool Added) Set(string key, T value);

    /// <summary>This very node if the key is not there; null if nothing is left.</summary>
    public abstract BTreeNode<T>? Remove(string key);

    /// <summary>Returns false when the visitor did.</summary>
    public abstract bool VisitFrom(string start, Func<string, T, bool> visit);

    /// <summary>One node with this one's and the next one's entries; null if they do not fit.</summary>
    public abstract BTreeNode<T>? MergeWith(BTreeNode<T> next);
}
