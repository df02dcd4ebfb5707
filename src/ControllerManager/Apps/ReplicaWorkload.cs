using k8s.Models;

using MiniKube.Api.Selectors;

namespace MiniKube.ControllerManager.Apps;

/// <summary>What a ReplicaSet and a ReplicationController have in common.</summary>
internal sealed record ReplicaWorkload(int Replicas, int MinReadySeconds, LabelSelector Selector, V1PodTemplateSpec Template, ReplicaStatus Status);
