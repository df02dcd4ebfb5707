using k8s.Models;

namespace MiniKube.Scheduler.Framework;

/// <summary>A port of the node that a pod takes. The address <c>0.0.0.0</c> is all of the node's addresses.</summary>
internal readonly record struct HostPort(string Address, string Protocol, int Port)
{
    private const string Any = "0.0.0.0";

    /// <summary>The host ports of all containers and sidecars; init containers that end give theirs back before the others start.</summary>
    public static IReadOnlyList<HostPort> Of(V1Pod pod)
    {
        var sidecars = (pod.Spec?.InitContainers ?? []).Where(container => container.RestartPolicy == "Always");
        return [.. from container in sidecars.Concat(pod.Spec?.Containers ?? [])
                   from port in container.Ports ?? []
                   let number = port.HostPort ?? 0
                   where number > 0
                   select new HostPort(NonEmpty(port.HostIP, Any), NonEmpty(port.Protocol, "TCP"), number)];
    }

    public bool ConflictsWith(HostPort other) =>
        Port == other.Port && Protocol == other.Protocol && (Address == other.Address || Address == Any || other.Address == Any);

    private static string NonEmpty(string? value, string otherwise) => string.IsNullOrEmpty(value) ? otherwise : value;
}
