using System.Globalization;

using k8s.Models;

namespace MiniKube.Kubelet.Probes;

/// <summary>Finds the number of a port that a probe or hook names.</summary>
internal static class ContainerPorts
{
    /// <summary>Null when the container has no port of that name.</summary>
    public static int? Resolve(V1Container container, IntOrString? port)
    {
        var value = port?.Value;
        return int.TryParse(value, CultureInfo.InvariantCulture, out var number)
            ? number
            : container.Ports?.FirstOrDefault(candidate => candidate.Name == value)?.ContainerPort;
    }
}
