using k8s.Models;

using MiniKube.Api.Selectors;
using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>One topology spread constraint of a pod, with upstream's defaults.</summary>
internal sealed class SpreadConstraint
{
    private readonly PodInfo _pod;
    private readonly LabelSelector _selector;
    private readonly bool _honorsAffinity;
    private readonly bool _honorsTaints;

    public SpreadConstraint(PodInfo pod, V1TopologySpreadConstraint constraint)
    {
        _pod = pod;
        _selector = Selectors.WithLabelKeys(constraint.LabelSelector, pod.Pod, constraint.MatchLabelKeys, null);
        _honorsAffinity = constraint.NodeAffinityPolicy != "Ignore";
        _honorsTaints = constraint.NodeTaintsPolicy == "Honor";
        TopologyKey = constraint.TopologyKey ?? "";
        MaxSkew = constraint.MaxSkew;
        MinDomains = constraint.MinDomains ?? 1;
        MatchesItself = _selector.MatchesLabels(pod.Pod.Metadata?.Labels);
    }

    public string TopologyKey { get; }

    public int MaxSkew { get; }

    public int MinDomains { get; }

    /// <summary>Whether the pod itself will be counted.</summary>
    public bool MatchesItself { get; }

    public static IReadOnlyList<SpreadConstraint> Of(PodInfo pod, string whenUnsatisfiable) =>
    [
        .. from constraint in pod.Pod.Spec?.TopologySpreadConstraints ?? []
           where (constraint.WhenUnsatisfiable ?? "DoNotSchedule") == whenUnsatisfiable
           select new SpreadConstraint(pod, constraint),
    ];

    /// <summary>Whether the node is a place for each of the constraints.</summary>
    public static bool HaveLabels(IReadOnlyList<SpreadConstraint> constraints, NodeInfo node)
    {
        for (var i = 0; i < constraints.Count; i++)
        {
            if (!node.Labels.ContainsKey(constraints[i].TopologyKey))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the pods of a node count, as far as the policies go.</summary>
    public bool Counts(NodeInfo node) =>
        (!_honorsAffinity || NodeAffinity.Matches(_pod, node.Node))
        && (!_honorsTaints || TaintToleration.Tolerates(_pod, node.Node));

    /// <summary>How many pods of a node count. Pods on their way out do not.</summary>
    public int CountOn(NodeInfo node)
    {
        var count = 0;
        foreach (var other in node.Pods)
        {
            count += Matches(other) ? 1 : 0;
        }

        return count;
    }

    public bool Matches(PodInfo other) =>
        other.Key.Namespace == _pod.Key.Namespace
        && !other.IsTerminating
        && _selector.MatchesLabels(other.Pod.Metadata?.Labels);
}
