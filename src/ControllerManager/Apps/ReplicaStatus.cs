using k8s.Models;

using MiniKube.Api.Selectors;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps;

/// <summary>The status of a ReplicaSet or ReplicationController: counts, and the condition ReplicaFailure while pods cannot be made or deleted.</summary>
internal sealed record ReplicaStatus(
    int Replicas, int FullyLabeledReplicas, int ReadyReplicas, int AvailableReplicas, long ObservedGeneration, IReadOnlyList<V1ReplicaSetCondition> Conditions)
{
    private const string ReplicaFailure = "ReplicaFailure";

    /// <summary>Counts the pods; conditions stay as they are.</summary>
    public static ReplicaStatus Count(ReplicaWorkload workload, IReadOnlyList<V1Pod> pods, long generation, DateTime now)
    {
        var labels = LabelSelector.FromLabels(workload.Template.Metadata?.Labels);
        return new ReplicaStatus(
            pods.Count,
            pods.Count(pod => labels.MatchesLabels(pod.Metadata?.Labels)),
            pods.Count(pod => pod.IsReady()),
            pods.Count(pod => pod.IsAvailable(workload.MinReadySeconds, now)),
            generation,
            workload.Status.Conditions);
    }

    public ReplicaStatus WithFailure(string reason, string message, DateTime now) => Conditions.Any(condition => condition.Type == ReplicaFailure)
        ? this
        : this with
        {
            Conditions =
            [
                .. Conditions,
                new V1ReplicaSetCondition { Type = ReplicaFailure, Status = "True", Reason = reason, Message = message, LastTransitionTime = now },
            ],
        };

    public ReplicaStatus WithoutFailure() => Conditions.Any(condition => condition.Type == ReplicaFailure)
        ? this with { Conditions = [.. Conditions.Where(condition => condition.Type != ReplicaFailure)] }
        : this;

    /// <summary>Conditions are compared by their types and states: nothing else in them changes without those.</summary>
    public bool Equals(ReplicaStatus? other) =>
        other is not null
        && (Replicas, FullyLabeledReplicas, ReadyReplicas, AvailableReplicas, ObservedGeneration)
            == (other.Replicas, other.FullyLabeledReplicas, other.ReadyReplicas, other.AvailableReplicas, other.ObservedGeneration)
        && Conditions.Select(condition => (condition.Type, condition.Status)).SequenceEqual(other.Conditions.Select(condition => (condition.Type, condition.Status)));

    public override int GetHashCode() => HashCode.Combine(Replicas, FullyLabeledReplicas, ReadyReplicas, AvailableReplicas, ObservedGeneration);
}
