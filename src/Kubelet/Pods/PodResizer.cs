using System.Collections.Concurrent;

using k8s;
using k8s.Models;

using MiniKube.Client.Events;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Status;

namespace MiniKube.Kubelet.Pods;

/// <summary>
/// Gives running pods other requests and limits (KEP-1287). What the node has granted a pod is its allocation; a spec that asks for more than there is waits, and the pod
/// runs on with what it has. A kubelet that starts again finds the allocation in the pod's status.
/// </summary>
internal sealed class PodResizer(IContainerRuntime runtime, PodAdmission admission, IEventRecorder events)
{
    private readonly ConcurrentDictionary<string, Allocation> _allocations = [];

    /// <summary>The pod with the resources that it has been granted.</summary>
    public V1Pod Allocate(V1Pod pod, V1PodStatus? last)
    {
        if (!_allocations.TryGetValue(pod.Uid(), out var known))
        {
            known = new Allocation(Restore(pod, last), null, null);
            admission.Keep(With(pod, known.Resources));
        }

        var wanted = ResourcesOf(pod);
        if (Same(known.Resources, wanted))
        {
            _allocations[pod.Uid()] = known with { Pending = null };
            return pod;
        }

        var allocation = admission.Resize(pod) is { } pending ? known with { Pending = pending } : new Allocation(wanted, null, null);
        if (allocation.Pending is null)
        {
            events.Record(pod, "Normal", "ResizeStarted", $"Pod resize started: {Describe(pod)}");
        }
        else if (allocation.Pending?.Message != known.Pending?.Message)
        {
            events.Record(pod, "Warning", $"Resize{allocation.Pending?.Reason}", $"Pod resize {allocation.Pending?.Reason}: {Describe(pod)}: {allocation.Pending?.Message}");
        }

        _allocations[pod.Uid()] = allocation;
        return With(pod, allocation.Resources);
    }

    /// <summary>Whether the pod waits for what it asks for.</summary>
    public bool IsPending(string uid) => _allocations.TryGetValue(uid, out var allocation) && allocation.Pending is not null;

    public void Forget(string uid) => _allocations.TryRemove(uid, out _);

    /// <summary>Brings one running container to its limits. Those of a container that uses more memory than it is to have are refused by the kernel, and tried again.</summary>
    public async Task ResizeAsync(V1Pod pod, ContainerToResize container, CancellationToken cancellationToken)
    {
        try
        {
            await runtime.UpdateContainerAsync(container.Id, container.Resources, cancellationToken);
            SetError(pod, null);
            events.Record(pod, "Normal", "ResizeCompleted", $"Pod resize completed: {Describe(pod)}");
        }
        catch (ContainerRuntimeException exception)
        {
            SetError(pod, exception.Message);
        }
    }

    /// <summary>The conditions that tell of a resize, if there is one.</summary>
    public IEnumerable<V1PodCondition> Conditions(V1Pod pod, RuntimePod status)
    {
        var allocation = _allocations.GetValueOrDefault(pod.Uid());
        if (allocation?.Pending is var (reason, message))
        {
            yield return new V1PodCondition { Type = PodConditions.ResizePending, Status = "True", Reason = reason, Message = message };
        }

        if (pod.Containers().Concat(pod.InitContainers().Where(PodExtensions.IsSidecar)).Any(container => IsResizing(pod, container, status)))
        {
            yield return new V1PodCondition
            {
                Type = PodConditions.ResizeInProgress,
                Status = "True",
                Reason = allocation?.Error is null ? null : "Error",
                Message = allocation?.Error,
            };
        }
    }

    /// <summary>Whether a container runs with other limits than it is to have.</summary>
    public static bool IsResizing(V1Pod pod, V1Container container, RuntimePod status) =>
        status.Container(container.Name) is { State: ContainerRunState.Running, Resources: { } actual } && ContainerResourceMath.Of(pod, container, 0) is var wanted
        && (wanted.CpuShares, wanted.CpuQuota, wanted.Memory) != (actual.CpuShares, actual.CpuQuota, actual.Memory);

    private void SetError(V1Pod pod, string? message)
    {
        if (_allocations.TryGetValue(pod.Uid(), out var allocation))
        {
            _allocations[pod.Uid()] = allocation with { Error = message };
        }
    }

    // A pod that was here before this kubelet has in its status what it was granted.
    private static Dictionary<string, V1ResourceRequirements?> Restore(V1Pod pod, V1PodStatus? last)
    {
        var resources = ResourcesOf(pod);
        foreach (var status in (last?.ContainerStatuses ?? []).Concat(last?.InitContainerStatuses ?? []))
        {
            if (status is { Name: { } name, Resources: { } granted, State.Running: not null } && resources.ContainsKey(name))
            {
                resources[name] = granted;
            }
        }

        return resources;
    }

    private static Dictionary<string, V1ResourceRequirements?> ResourcesOf(V1Pod pod) =>
        pod.InitContainers().Concat(pod.Containers()).ToDictionary(container => container.Name, V1ResourceRequirements? (container) => container.Resources);

    private static V1Pod With(V1Pod pod, Dictionary<string, V1ResourceRequirements?> resources)
    {
        V1Container Allocated(V1Container container) => resources.TryGetValue(container.Name, out var own) ? container with { Resources = own } : container;
        return pod with
        {
            Spec = (pod.Spec ?? new V1PodSpec()) with
            {
                Containers = [.. pod.Containers().Select(Allocated)],
                InitContainers = pod.Spec?.InitContainers is null ? null : [.. pod.InitContainers().Select(Allocated)],
            },
        };
    }

    private static bool Same(Dictionary<string, V1ResourceRequirements?> left, Dictionary<string, V1ResourceRequirements?> right) =>
        left.Count == right.Count && left.All(entry => right.TryGetValue(entry.Key, out var other)
            && Same(entry.Value?.Requests, other?.Requests) && Same(entry.Value?.Limits, other?.Limits));

    private static bool Same(IDictionary<string, ResourceQuantity>? left, IDictionary<string, ResourceQuantity>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0)
        && (left is null || left.All(entry => right is not null && right.TryGetValue(entry.Key, out var other) && other.ToDecimal() == entry.Value.ToDecimal()));

    // Upstream's form: the containers with their resources, and the generation of the spec.
    private static string Describe(V1Pod pod) => KubernetesJson.Serialize(new
    {
        containers = pod.Containers().Select(container => new { name = container.Name, resources = container.Resources ?? new V1ResourceRequirements() }),
        generation = pod.Metadata?.Generation ?? 0,
    });

    private sealed record Allocation(Dictionary<string, V1ResourceRequirements?> Resources, (string Reason, string Message)? Pending, string? Error);
}
