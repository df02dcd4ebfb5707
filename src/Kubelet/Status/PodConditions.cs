using k8s.Models;

using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Status;

/// <summary>The conditions that the kubelet owns, with upstream's reasons and messages.</summary>
internal static class PodConditions
{
    public const string ReadyToStartContainers = "PodReadyToStartContainers";
    public const string Initialized = "Initialized";
    public const string Ready = "Ready";
    public const string ContainersReady = "ContainersReady";
    public const string ResizePending = "PodResizePending";
    public const string ResizeInProgress = "PodResizeInProgress";
    public const string Scheduled = "PodScheduled";

    public static bool IsOwned(string? type) =>
        type is ReadyToStartContainers or Initialized or Ready or ContainersReady or Scheduled;

    /// <summary>Those that are there only as long as they are true.</summary>
    public static bool IsPassing(string? type) => type is ResizePending or ResizeInProgress;

    /// <summary>All of them, in upstream's order. The status has its containers and phase already.</summary>
    public static IReadOnlyList<V1PodCondition> Of(V1Pod pod, V1PodStatus status, bool sandboxReady, IEnumerable<V1PodCondition>? resizing = null)
    {
        var containersReady = ContainersReadyOf(pod, status);
        V1PodCondition[] conditions =
        [
            .. resizing ?? [],
            new V1PodCondition { Type = ReadyToStartContainers, Status = sandboxReady ? "True" : "False" },
            InitializedOf(pod, status),
            ReadyOf(pod, status, containersReady),
            containersReady,
            new V1PodCondition { Type = Scheduled, Status = "True" },
        ];
        foreach (var condition in conditions)
        {
            condition.ObservedGeneration = pod.Metadata?.Generation;
        }

        return conditions;
    }

    private static V1PodCondition ContainersReadyOf(V1Pod pod, V1PodStatus status)
    {
        var statuses = (status.ContainerStatuses ?? []).Concat(status.InitContainerStatuses ?? []).ToList();
        var counted = pod.InitContainers().Where(PodExtensions.IsSidecar).Concat(pod.Containers()).Select(container => container.Name).ToList();
        var unknown = counted.Where(name => statuses.All(candidate => candidate.Name != name)).ToList();
        var unready = counted.Where(name => statuses.Any(candidate => candidate.Name == name && !candidate.Ready)).ToList();
        if (unknown.Count == 0 && status.Phase is "Succeeded" or "Failed")
        {
            return False(ContainersReady, status.Phase == "Failed" ? "PodFailed" : "PodCompleted");
        }

        var messages = List("containers with unknown status", unknown).Concat(List("containers with unready status", unready)).ToList();
        return messages.Count > 0
            ? False(ContainersReady, "ContainersNotReady", string.Join(", ", messages))
            : new V1PodCondition { Type = ContainersReady, Status = "True" };
    }

    private static V1PodCondition ReadyOf(V1Pod pod, V1PodStatus status, V1PodCondition containersReady)
    {
        if (containersReady.Status != "True")
        {
            return False(Ready, containersReady.Reason, containersReady.Message);
        }

        var messages = new List<string>();
        foreach (var gate in pod.Spec?.ReadinessGates ?? [])
        {
            var condition = (pod.Status?.Conditions ?? []).Concat(status.Conditions ?? []).FirstOrDefault(candidate => candidate.Type == gate.ConditionType);
            if (condition is null)
            {
                messages.Add($"corresponding condition of pod readiness gate \"{gate.ConditionType}\" does not exist.");
            }
            else if (condition.Status != "True")
            {
                messages.Add($"the status of pod readiness gate \"{gate.ConditionType}\" is not \"True\", but {condition.Status}");
            }
        }

        return messages.Count > 0
            ? False(Ready, "ReadinessGatesNotReady", string.Join(", ", messages))
            : new V1PodCondition { Type = Ready, Status = "True" };
    }

    private static V1PodCondition InitializedOf(V1Pod pod, V1PodStatus status)
    {
        if (status.Phase == "Succeeded")
        {
            return new V1PodCondition { Type = Initialized, Status = "True", Reason = "PodCompleted" };
        }

        var statuses = status.InitContainerStatuses ?? [];
        var unknown = pod.InitContainers().Select(container => container.Name).Where(name => statuses.All(candidate => candidate.Name != name)).ToList();
        var incomplete = pod.InitContainers()
            .Where(container => statuses.Any(candidate => candidate.Name == container.Name && !IsComplete(container, candidate)))
            .Select(container => container.Name).ToList();
        var hasStarted = (status.ContainerStatuses ?? []).Any(container => container.State?.Running is not null || container.LastState?.Terminated is not null
            || container.State?.Terminated is not null);
        var messages = List("containers with unknown status", unknown).Concat(List("containers with incomplete status", incomplete)).ToList();
        return messages.Count > 0 && !hasStarted
            ? False(Initialized, "ContainersNotInitialized", string.Join(", ", messages))
            : new V1PodCondition { Type = Initialized, Status = "True" };
    }

    private static bool IsComplete(V1Container container, V1ContainerStatus status) =>
        container.IsSidecar() ? status.Started == true : status.Ready;

    private static IEnumerable<string> List(string what, List<string> names) =>
        names.Count == 0 ? [] : [$"{what}: [{string.Join(' ', names)}]"];

    private static V1PodCondition False(string type, string? reason, string? message = null) =>
        new() { Type = type, Status = "False", Reason = reason, Message = message };
}
