using System.Diagnostics.CodeAnalysis;

namespace MiniKube.Scheduler.Framework;

/// <summary>
/// The nodes as one scheduling cycle sees them. Owned by the scheduling loop, which brings it up to date from the cache between cycles;
/// the node infos in it never change.
/// </summary>
internal sealed class Snapshot
{
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private NodeInfo[] _nodes = [];

    public IReadOnlyList<NodeInfo> Nodes => _nodes;

    public bool TryGet(string name, [NotNullWhen(true)] out NodeInfo? node)
    {
        node = _indexes.TryGetValue(name, out var index) ? _nodes[index] : null;
        return node is not null;
    }

    /// <summary>Takes over a new set of nodes, in the order in which they are tried.</summary>
    public void Reset(IReadOnlyList<NodeInfo> nodes)
    {
        _nodes = [.. nodes];
        _indexes.Clear();
        for (var i = 0; i < _nodes.Length; i++)
        {
            _indexes[_nodes[i].Name] = i;
        }
    }

    /// <summary>Takes over a newer state of a node that is in the snapshot.</summary>
    public void Replace(NodeInfo node) => _nodes[_indexes[node.Name]] = node;
}
