using System.Text;

using k8s.Models;

using MiniKube.Kubelet.Node;

namespace MiniKube.Kubelet.Pods;

/// <summary>A pod's name, and how it resolves others': the texts of its /etc/hosts and /etc/resolv.conf. Pure.</summary>
internal static class PodDns
{
    private const int LongestHostname = 63;

    // What the kernel takes.
    private const int LongestNodename = 64;

    public static string Hostname(V1Pod pod, string clusterDomain)
    {
        var name = string.IsNullOrEmpty(pod.Spec?.Hostname) ? pod.Name() : pod.Spec.Hostname;
        name = name.Length > LongestHostname ? name[..LongestHostname].TrimEnd('-', '.') : name;
        return pod.Spec?.SetHostnameAsFQDN == true && Domain(pod, clusterDomain) is { Length: > 0 } domain ? $"{name}.{domain}" : name;
    }

    /// <summary>Upstream's message about a host name that the kernel would not take, or null.</summary>
    public static string? FindFault(V1Pod pod, string clusterDomain) => Hostname(pod, clusterDomain) is { Length: > LongestNodename } name
        ? $"failed to construct FQDN from pod hostname and cluster domain, FQDN {name} is too long ({LongestNodename} characters is the max, {name.Length} characters requested)"
        : null;

    public static string HostsFile(V1Pod pod, string ip, string clusterDomain, string nodeHosts)
    {
        var text = new StringBuilder();
        if (pod.HostNetwork())
        {
            text.Append("# Kubernetes-managed hosts file (host network).\n").Append(nodeHosts);
        }
        else
        {
            text.Append("# Kubernetes-managed hosts file.\n")
                .Append("127.0.0.1\tlocalhost\n")
                .Append("::1\tlocalhost ip6-localhost ip6-loopback\n")
                .Append("fe00::0\tip6-localnet\n")
                .Append("fe00::0\tip6-mcastprefix\n")
                .Append("fe00::1\tip6-allnodes\n")
                .Append("fe00::2\tip6-allrouters\n");
            var (name, domain) = (Hostname(pod, "").Split('.')[0], Domain(pod, clusterDomain));
            text.Append(domain.Length > 0 ? $"{ip}\t{name}.{domain}\t{name}\n" : $"{ip}\t{name}\n");
        }

        if (pod.Spec?.HostAliases is { Count: > 0 } aliases)
        {
            text.Append("\n# Entries added by HostAliases.\n");
            foreach (var alias in aliases)
            {
                text.Append(alias.Ip).Append('\t').AppendJoin('\t', alias.Hostnames ?? []).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <param name="pod">The pod.</param>
    /// <param name="options">The cluster's DNS server and domain.</param>
    /// <param name="nodeConfig">The node's own resolv.conf.</param>
    public static string ResolvConf(V1Pod pod, NodeAgentOptions options, string nodeConfig)
    {
        var node = ResolverConfig.Parse(nodeConfig);
        var config = pod.Spec?.DnsPolicy switch
        {
            "None" => new ResolverConfig([], [], []),
            "Default" => node,
            "ClusterFirstWithHostNet" => OfCluster(pod, options, node),
            _ => pod.HostNetwork() ? node : OfCluster(pod, options, node),
        };
        return (pod.Spec?.DnsConfig is { } own ? config.With(own) : config).ToString();
    }

    private static string Domain(V1Pod pod, string clusterDomain) =>
        string.IsNullOrEmpty(pod.Spec?.Subdomain) || clusterDomain.Length == 0 ? "" : $"{pod.Spec.Subdomain}.{pod.Namespace()}.svc.{clusterDomain}";

    private static ResolverConfig OfCluster(V1Pod pod, NodeAgentOptions options, ResolverConfig node) => options.ClusterDns.Count == 0
        ? node
        : new ResolverConfig(
            options.ClusterDns,
            [$"{pod.Namespace()}.svc.{options.ClusterDomain}", $"svc.{options.ClusterDomain}", options.ClusterDomain, .. node.Searches],
            ["ndots:5"]);
}
