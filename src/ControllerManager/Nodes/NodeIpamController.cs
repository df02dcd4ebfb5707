using System.Net;

using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Nodes;

/// <summary>Gives each node its part of --cluster-cidr for the addresses of its pods: spec.podCIDR.</summary>
internal sealed class NodeIpamController(
    IObjectClient client, ILister<V1Node> nodes, IEventRecorders recorders, ControllerManagerOptions options) : IController
{
    // Given, but perhaps not in the cache yet. One worker, so no lock.
    private readonly Dictionary<string, string> _given = [];

    public string Name => "node-ipam-controller";

    /// <summary>Two workers could give two nodes the same part.</summary>
    public int Workers => 1;

    public void Configure(ControllerBuilder controller) => controller.For<V1Node>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!options.AllocateNodeCidrs || options.ClusterCidr is not { } cluster)
        {
            return ReconcileResult.Done;
        }

        if (!nodes.TryGet(key, out var node))
        {
            _given.Remove(key.Name);
        }
        else if (string.IsNullOrEmpty(node.Spec?.PodCIDR))
        {
            await GiveAsync(node, cluster, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private async Task GiveAsync(V1Node node, IPNetwork cluster, CancellationToken cancellationToken)
    {
        var name = node.Metadata?.Name ?? "";
        var parts = new CidrParts(cluster, options.NodeCidrMaskSize ?? (cluster.BaseAddress.GetAddressBytes().Length == 4 ? 24 : 64));
        var used = nodes.List().Select(other => other.Spec?.PodCIDR).Concat(_given.Where(given => given.Key != name).Select(given => given.Value));
        if ((_given.GetValueOrDefault(name) ?? parts.FirstFree(used)) is not { } part)
        {
            recorders.For("cidrAllocator").Record(node, "Normal", "CIDRNotAvailable", $"Node {name} status is now: CIDRNotAvailable");
            throw new InvalidOperationException($"All parts of {cluster} are given to nodes.");
        }

        _given[name] = part;
        var patch = new { spec = new { podCIDR = part, podCIDRs = new[] { part } } };
        await client.PatchAsync<V1Node>(node.Key(), new V1Patch(patch, V1Patch.PatchType.MergePatch), null, cancellationToken);
    }
}
