using k8s.Models;

using MiniKube.Kubelet.Network;
using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Status;

namespace MiniKube.Kubelet.Pods;

/// <summary>Looks at a pod before anything of it runs: what cannot be done here is refused by name, never run without it. Reasons and messages are upstream's.</summary>
internal sealed class PodAdmission(PodManager pods, StatusManager statuses, NodeAgentOptions options, NodeFacts facts)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PodRequests> _granted = [];

    /// <summary>Reason and message of a refusal; null if the pod may run: then what it asks for is its own.</summary>
    public (string Reason, string Message)? Check(V1Pod pod)
    {
        lock (_lock)
        {
            var refusal = Unsupported(pod) ?? Full(pod) ?? TakenHostPort(pod);
            if (refusal is null)
            {
                _granted[pod.Uid()] = PodRequests.Of(pod);
            }

            return refusal;
        }
    }

    /// <summary>A pod that runs asks for something else: reason and message if there is not enough; null if it is now the pod's.</summary>
    public (string Reason, string Message)? Resize(V1Pod pod)
    {
        lock (_lock)
        {
            var (wanted, capacity) = (PodRequests.Of(pod), Capacity);
            (string, string)? refusal = wanted.Memory > capacity.Memory ? ("Infeasible", $"Node didn't have enough capacity: memory, requested: {wanted.Memory}, capacity: {capacity.Memory}")
                : wanted.MilliCpu > capacity.MilliCpu ? ("Infeasible", $"Node didn't have enough capacity: cpu, requested: {wanted.MilliCpu}, capacity: {capacity.MilliCpu}")
                : Full(pod) is var (_, message) ? ("Deferred", message)
                : null;
            if (refusal is null)
            {
                _granted[pod.Uid()] = wanted;
            }

            return refusal;
        }
    }

    /// <summary>A pod has what an earlier kubelet granted it, or what it was refused more than.</summary>
    public void Keep(V1Pod pod)
    {
        lock (_lock)
        {
            _granted[pod.Uid()] = PodRequests.Of(pod);
        }
    }

    public void Forget(string uid)
    {
        lock (_lock)
        {
            _granted.Remove(uid);
        }
    }

    /// <summary>Whether what the pod asks for is there beside the other pods: reason and message if not.</summary>
    private (string Reason, string Message)? Full(V1Pod pod)
    {
        var others = Others(pod).ToList();
        if (others.Count >= options.MaxPods)
        {
            return Missing("pods", 1, others.Count, options.MaxPods);
        }

        var (wanted, used, capacity) = (PodRequests.Of(pod), others.Select(other => _granted.GetValueOrDefault(other.Uid()) ?? PodRequests.Of(other)).Aggregate(PodRequests.None, (sum, next) => sum + next), Capacity);
        return wanted.MilliCpu > 0 && wanted.MilliCpu + used.MilliCpu > capacity.MilliCpu ? Missing("cpu", wanted.MilliCpu, used.MilliCpu, capacity.MilliCpu)
            : wanted.Memory > 0 && wanted.Memory + used.Memory > capacity.Memory ? Missing("memory", wanted.Memory, used.Memory, capacity.Memory)
            : null;
    }

    /// <summary>What the node has for pods.</summary>
    private PodRequests Capacity => new(facts.Cpus * 1000L, NodeObject.AllocatableMemory(facts));

    private static (string Reason, string Message) Missing(string resource, long requested, long used, long capacity) =>
        ($"OutOf{resource}", $"Node didn't have enough resource: {resource}, requested: {requested}, used: {used}, capacity: {capacity}");

    private (string Reason, string Message)? Unsupported(V1Pod pod) =>
        pod.Spec?.Os?.Name is not (null or "linux") ? ("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS")
        : UnsupportedFields.Find(pod).FirstOrDefault() is { } field ? ("UnsupportedField", $"{field} is not supported by this kubelet")
        : pod.Spec?.SecurityContext?.SupplementalGroupsPolicy is not (null or "Merge")
            ? ("SupplementalGroupsPolicyNotSupported", "SupplementalGroupsPolicy=Strict is not supported in this node")
        : WantsAppArmor(pod) && !facts.HasAppArmor ? ("AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host")
        : Sysctls.Forbidden(pod, options.AllowedUnsafeSysctls) is { } forbidden ? ("SysctlForbidden", forbidden)
        : null;

    private static bool WantsAppArmor(V1Pod pod) =>
        pod.AllContainers().Select(container => container.SecurityContext?.AppArmorProfile).Append(pod.Spec?.SecurityContext?.AppArmorProfile)
            .Any(profile => profile?.Type is not (null or "Unconfined"));

    private (string Reason, string Message)? TakenHostPort(V1Pod pod)
    {
        var wanted = HostPort.AllOf(pod);
        var taken = wanted.Count == 0 ? [] : Others(pod).SelectMany(HostPort.AllOf).ToList();
        return wanted.Any(port => taken.Any(port.IsSame)) ? ("NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports") : null;
    }

    /// <summary>The other pods that run here or were told that they may. One that was there before this kubelet has been told by the one before.</summary>
    private IEnumerable<V1Pod> Others(V1Pod pod) => pods.Pods.Where(other => other.Uid() != pod.Uid()
        && (_granted.ContainsKey(other.Uid()) || statuses.Get(other)?.StartTime is not null)
        && statuses.Get(other)?.Phase is not ("Succeeded" or "Failed"));
}
