using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>Which kernel parameters a pod may set: those that only it notices, and those that the node's flag allows. Upstream's lists. Pure.</summary>
internal static class Sysctls
{
    private static readonly HashSet<string> Safe =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
    ];

    private static readonly string[] OfIpc = ["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."];

    /// <summary>Upstream's message about the first that the pod must not set, or null.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="allowed">More that are allowed: names, or beginnings of names and <c>*</c>.</param>
    public static string? Forbidden(V1Pod pod, IReadOnlyList<string> allowed)
    {
        foreach (var name in (pod.Spec?.SecurityContext?.Sysctls ?? []).Select(sysctl => Normalize(sysctl.Name)))
        {
            if (!Safe.Contains(name) && !allowed.Any(pattern => Matches(pattern, name)))
            {
                return $"forbidden sysctl: \"{name}\" not allowlisted";
            }

            if (pod.HostNetwork() && name.StartsWith("net.", StringComparison.Ordinal))
            {
                return $"forbidden sysctl: \"{name}\" not allowed with host net enabled";
            }

            if (pod.Spec?.HostIPC == true && OfIpc.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                return $"forbidden sysctl: \"{name}\" not allowed with host ipc enabled";
            }
        }

        return null;
    }

    /// <summary>With dots between its parts: a name may be written as its path, whose parts may have dots in them.</summary>
    public static string Normalize(string? name)
    {
        var text = name ?? "";
        var separator = text.IndexOfAny(['.', '/']);
        return separator < 0 || text[separator] == '.' ? text : new string([.. text.Select(letter => letter switch { '/' => '.', '.' => '/', _ => letter })]);
    }

    private static bool Matches(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : Normalize(pattern) == name;
}
