using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>Looks at a pod before anything of it runs: what cannot be done here is refused by name, never run without it.</summary>
internal sealed class PodAdmission(PodManager pods)
{
    /// <summary>Reason and message of a refusal, or null.</summary>
    public (string Reason, string Message)? Check(V1Pod pod)
    {
        if (UnsupportedFields.Find(pod).FirstOrDefault() is { } field)
        {
            return ("UnsupportedField", $"{field} is not supported by this kubelet");
        }

        if (TakenHostPort(pod) is { } port)
        {
            return ("NodePorts", $"Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports ({port})");
        }

        return null;
    }

    private string? TakenHostPort(V1Pod pod)
    {
        var wanted = HostPorts(pod).ToList();
        if (wanted.Count == 0)
        {
            return null;
        }

        var taken = pods.Pods.Where(other => other.Uid() != pod.Uid() && !other.IsFinished() && IsOlder(other, pod)).SelectMany(HostPorts).ToHashSet();
        return wanted.FirstOrDefault(taken.Contains);
    }

    // Of two pods that want the same port the older one has it.
    private static bool IsOlder(V1Pod other, V1Pod pod) =>
        other.IsStatic() || (other.Metadata?.CreationTimestamp ?? DateTime.MinValue) < (pod.Metadata?.CreationTimestamp ?? DateTime.MaxValue);

    private static IEnumerable<string> HostPorts(V1Pod pod) => pod.Containers()
        .Concat(pod.InitContainers().Where(PodExtensions.IsSidecar))
        .SelectMany(container => container.Ports ?? [])
        .Where(port => port.HostPort is > 0)
        .Select(port => $"{port.HostIP}:{port.HostPort}/{port.Protocol ?? "TCP"}");
}
