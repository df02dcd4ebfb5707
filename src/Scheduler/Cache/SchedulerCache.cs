using k8s.Models;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Cache;

/// <summary>
/// The nodes and their pods as the informers tell them, plus the pods that were assigned a moment ago and are not told of yet.
/// Safe to use from many threads.
/// </summary>
internal sealed class SchedulerCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, NodeInfo> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodState> _pods = new(StringComparer.Ordinal);

    // Pods may be told of before their node is.
    private readonly Dictionary<string, List<PodInfo>> _homeless = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private bool _nodeSetChanged = true;

    public void SetNode(V1Node node)
    {
        lock (_lock)
        {
            var name = node.Metadata?.Name ?? "";
            if (_nodes.TryGetValue(name, out var known))
            {
                _nodeSetChanged |= NodeOrder.ZoneOf(known.Node) != NodeOrder.ZoneOf(node);
                Change(name, known.WithNode(node));
                return;
            }

            _homeless.Remove(name, out var waiting);
            _nodes[name] = (waiting ?? []).Aggregate(new NodeInfo(node), static (info, pod) => info.WithPod(pod));
            _nodeSetChanged = true;
        }
    }

    public void RemoveNode(string name)
    {
        lock (_lock)
        {
            if (_nodes.Remove(name, out var node))
            {
                _nodeSetChanged = true;
                if (!node.Pods.IsEmpty)
                {
                    // Their deletions are still to come.
                    _homeless[name] = [.. node.Pods];
                }
            }
        }
    }

    /// <summary>A pod as the API server shows it, on its node. Confirms an assumed one. Returns what was known of it before.</summary>
    public PodState? SetPod(PodInfo pod)
    {
        lock (_lock)
        {
            var before = Detach(pod.Uid);
            Attach(new PodState(pod, pod.NodeName, Assumed: false));
            return before;
        }
    }

    /// <summary>Returns what was known of the pod; null when it was not there.</summary>
    public PodState? RemovePod(string uid)
    {
        lock (_lock)
        {
            return Detach(uid);
        }
    }

    /// <summary>Counts the pod on the node from now on, before it is bound. False when the pod is on a node already.</summary>
    public bool Assume(PodInfo pod, string nodeName)
    {
        lock (_lock)
        {
            if (_pods.ContainsKey(pod.Uid))
            {
                return false;
            }

            Attach(new PodState(pod, nodeName, Assumed: true));
            return true;
        }
    }

    /// <summary>Takes back an assumption whose binding failed. A pod that was confirmed meanwhile stays.</summary>
    public void Forget(string uid)
    {
        lock (_lock)
        {
            if (_pods.TryGetValue(uid, out var state) && state.Assumed)
            {
                Detach(uid);
            }
        }
    }

    public bool Contains(string uid)
    {
        lock (_lock)
        {
            return _pods.ContainsKey(uid);
        }
    }

    /// <summary>Brings the snapshot up to date: only what changed since the last call. For one snapshot only.</summary>
    public void UpdateSnapshot(Snapshot snapshot)
    {
        lock (_lock)
        {
            if (_nodeSetChanged)
            {
                snapshot.Reset(NodeOrder.Interleave(_nodes.Values));
                _nodeSetChanged = false;
            }
            else
            {
                foreach (var name in _changed)
                {
                    snapshot.Replace(_nodes[name]);
                }
            }

            _changed.Clear();
        }
    }

    private void Attach(PodState state)
    {
        _pods[state.Pod.Uid] = state;
        if (_nodes.TryGetValue(state.NodeName, out var node))
        {
            Change(state.NodeName, node.WithPod(state.Pod));
        }
        else if (_homeless.TryGetValue(state.NodeName, out var waiting))
        {
            waiting.Add(state.Pod);
        }
        else
        {
            _homeless[state.NodeName] = [state.Pod];
        }
    }

    private PodState? Detach(string uid)
    {
        if (!_pods.Remove(uid, out var state))
        {
            return null;
        }

        if (_nodes.TryGetValue(state.NodeName, out var node))
        {
            Change(state.NodeName, node.WithoutPod(uid));
        }
        else if (_homeless.TryGetValue(state.NodeName, out var waiting))
        {
            waiting.RemoveAll(pod => pod.Uid == uid);
            if (waiting.Count == 0)
            {
                _homeless.Remove(state.NodeName);
            }
        }

        return state;
    }

    private void Change(string name, NodeInfo node)
    {
        _nodes[name] = node;
        _changed.Add(name);
    }
}
