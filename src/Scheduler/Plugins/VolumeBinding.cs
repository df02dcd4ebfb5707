using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Scheduling;
using MiniKube.Client.Informers;
using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>Keeps pods on nodes where the volumes of their claims are, or can be made.</summary>
internal sealed class VolumeBinding(ILister<V1PersistentVolumeClaim> claims, ILister<V1PersistentVolume> volumes, ILister<V1StorageClass> classes) : IFilterPlugin
{
    private const string NoProvisioner = "kubernetes.io/no-provisioner";

    private static readonly PluginStatus Elsewhere = PluginStatus.Unresolvable("node(s) didn't match PersistentVolume's node affinity");
    private static readonly PluginStatus NoVolume = PluginStatus.Unschedulable("node(s) didn't find available persistent volumes to bind");

    public string Name => "VolumeBinding";

    public IPodFilter? PreFilter(PodInfo pod, Snapshot snapshot)
    {
        var bound = new List<V1PersistentVolume>();
        var waiting = new List<(V1PersistentVolumeClaim Claim, V1StorageClass? Class)>();
        foreach (var name in VolumeBinder.ClaimsOf(pod.Pod))
        {
            if (Fault(name, bound, waiting) is { } fault)
            {
                return new PodFilter(PluginStatus.Unresolvable(fault), [], [], []);
            }
        }

        return bound.Count + waiting.Count == 0 ? null : new PodFilter(PluginStatus.Success, bound, waiting, waiting.Count == 0 ? [] : volumes.List());
    }

    public bool QueueingHint(PodInfo pod, ClusterEvent change) => change is ClusterEvent.VolumesChanged || change.TryGetNode(out _, out _);

    /// <returns>Why the pod can run nowhere; null when it is a question of the node.</returns>
    private string? Fault(NamespacedName name, List<V1PersistentVolume> bound, List<(V1PersistentVolumeClaim Claim, V1StorageClass? Class)> waiting)
    {
        if (!claims.TryGet(name, out var claim))
        {
            return $"persistentvolumeclaim \"{name.Name}\" not found";
        }

        if (claim.Metadata?.DeletionTimestamp is not null)
        {
            return $"persistentvolumeclaim \"{name.Name}\" is being deleted";
        }

        if (claim.Status?.Phase == "Lost")
        {
            return $"persistentvolumeclaim \"{name.Name}\" bound to non-existent persistentvolume \"{claim.Spec?.VolumeName}\"";
        }

        if (VolumeClaims.IsBound(claim))
        {
            if (!volumes.TryGet(new NamespacedName("", claim.Spec?.VolumeName ?? ""), out var volume))
            {
                return $"persistentvolume \"{claim.Spec?.VolumeName}\" not found";
            }

            bound.Add(volume);
            return null;
        }

        classes.TryGet(new NamespacedName("", VolumeClaims.Class(claim)), out var storageClass);
        if (!VolumeClaims.WaitsForConsumer(storageClass) || !string.IsNullOrEmpty(claim.Spec?.VolumeName))
        {
            return "pod has unbound immediate PersistentVolumeClaims";
        }

        waiting.Add((claim, storageClass));
        return null;
    }

    private sealed class PodFilter(
        PluginStatus verdict,
        List<V1PersistentVolume> bound,
        List<(V1PersistentVolumeClaim Claim, V1StorageClass? Class)> waiting,
        IReadOnlyList<V1PersistentVolume> volumes)
        : IPodFilter
    {
        public PluginStatus Filter(NodeInfo node)
        {
            if (!verdict.IsSuccess)
            {
                return verdict;
            }

            if (!bound.TrueForAll(volume => VolumeClaims.HasNode(volume, node.Node)))
            {
                return Elsewhere;
            }

            return waiting.TrueForAll(entry => CanBeMade(entry.Class, node.Node) || VolumeClaims.Find(entry.Claim, volumes, node.Node) is not null)
                ? PluginStatus.Success
                : NoVolume;
        }

        private static bool CanBeMade(V1StorageClass? storageClass, V1Node node) =>
            storageClass is { Provisioner: not NoProvisioner }
            && (storageClass.AllowedTopologies is not { Count: > 0 } topologies
                || topologies.Any(term => (term.MatchLabelExpressions ?? []).All(wanted =>
                    node.Metadata?.Labels?.TryGetValue(wanted.Key, out var value) == true && wanted.Values?.Contains(value) == true)));
    }
}
