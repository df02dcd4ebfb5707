using System.Collections.Immutable;

using k8s.Models;

using MiniKube.Api.Quantities;

namespace MiniKube.Scheduler.Framework;

/// <summary>One node and the pods assumed or bound to it, with their sums. Immutable: a change makes a new one.</summary>
internal sealed record NodeInfo
{
    public NodeInfo(V1Node node)
    {
        Node = node;
        Allocatable = Resource.From(node.Status?.Allocatable);
        AllowedPods = node.Status?.Allocatable?.TryGetValue("pods", out var pods) == true ? Quantity.From(pods).Value : 0;
        ImageSizes = Images(node);
    }

    public V1Node Node { get; private init; }

    public Resource Allocatable { get; private init; }

    public long AllowedPods { get; private init; }

    public ImmutableArray<PodInfo> Pods { get; private init; } = [];

    /// <summary>Those that say something of pods near them.</summary>
    public ImmutableArray<PodInfo> PodsWithAffinity { get; private init; } = [];

    public Resource Requested { get; private init; } = Resource.Zero;

    /// <summary>With a guess for what containers do not ask for. Only for scoring.</summary>
    public Resource NonZeroRequested { get; private init; } = Resource.Zero;

    public ImmutableArray<HostPort> UsedPorts { get; private init; } = [];

    /// <summary>Bytes of the images on the node, by each of their names.</summary>
    public IReadOnlyDictionary<string, long> ImageSizes { get; private init; }

    public string Name => Node.Metadata?.Name ?? "";

    public IDictionary<string, string> Labels => Node.Metadata?.Labels ?? ImmutableDictionary<string, string>.Empty;

    public IEnumerable<V1Taint> Taints => Node.Spec?.Taints ?? [];

    /// <summary>The same pods on the node's newer state.</summary>
    public NodeInfo WithNode(V1Node node) => new(node)
    {
        Pods = Pods,
        PodsWithAffinity = PodsWithAffinity,
        Requested = Requested,
        NonZeroRequested = NonZeroRequested,
        UsedPorts = UsedPorts,
    };

    public NodeInfo WithPod(PodInfo pod) => this with
    {
        Pods = Pods.Add(pod),
        PodsWithAffinity = pod.Affinity.IsEmpty ? PodsWithAffinity : PodsWithAffinity.Add(pod),
        Requested = Requested + pod.Requests,
        NonZeroRequested = NonZeroRequested + pod.NonZeroRequests,
        UsedPorts = UsedPorts.AddRange(pod.HostPorts),
    };

    public NodeInfo WithoutPod(string uid)
    {
        if (Pods.FirstOrDefault(pod => pod.Uid == uid) is not { } gone)
        {
            return this;
        }

        return this with
        {
            Pods = Pods.Remove(gone),
            PodsWithAffinity = PodsWithAffinity.Remove(gone),
            Requested = Requested - gone.Requests,
            NonZeroRequested = NonZeroRequested - gone.NonZeroRequests,
            UsedPorts = UsedPorts.RemoveRange(gone.HostPorts),
        };
    }

    private static Dictionary<string, long> Images(V1Node node)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var image in node.Status?.Images ?? [])
        {
            foreach (var name in image.Names ?? [])
            {
                sizes[name] = image.SizeBytes ?? 0;
            }
        }

        return sizes;
    }
}
