using k8s.Models;

namespace MiniKube.ControllerManager.Nodes;

/// <summary>Lets the nodes of a zone be emptied one after another, at the rate that the zone's state allows.</summary>
internal sealed class EvictionLimiter(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _last = [];
    private readonly HashSet<string> _allowed = [];

    /// <summary>Whether the node's pods may be evicted now. What was allowed stays so until <see cref="Withdraw"/>: a write that failed is repeated at once.</summary>
    /// <param name="node">Not ready.</param>
    /// <param name="rate">Nodes a second; 0 is none.</param>
    public bool Allows(V1Node node, double rate)
    {
        lock (_lock)
        {
            var uid = node.Metadata?.Uid ?? "";
            if (_allowed.Contains(uid))
            {
                return true;
            }

            var zone = NodeZones.ZoneOf(node);
            var now = clock.GetTimestamp();
            if (rate <= 0 || (_last.TryGetValue(zone, out var last) && clock.GetElapsedTime(last, now).TotalSeconds * rate < 1))
            {
                return false;
            }

            _last[zone] = now;
            return _allowed.Add(uid);
        }
    }

    /// <summary>The node is well, or was not the one that was ill: it waits for its turn again.</summary>
    public void Withdraw(V1Node node)
    {
        lock (_lock)
        {
            _allowed.Remove(node.Metadata?.Uid ?? "");
        }
    }

    public void Forget(IEnumerable<V1Node> alive)
    {
        lock (_lock)
        {
            _allowed.IntersectWith(alive.Select(node => node.Metadata?.Uid ?? ""));
        }
    }
}
