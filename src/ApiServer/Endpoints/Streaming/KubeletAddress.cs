using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>Where a node's kubelet listens: as its status says.</summary>
internal sealed record KubeletAddress(string Host, long Port)
{
    private const long DefaultPort = 10250;

    /// <summary>As kubeadm sets --kubelet-preferred-address-types: names of nodes are seldom known to a resolver.</summary>
    private static readonly string[] PreferredTypes = ["InternalIP", "ExternalIP", "Hostname", "InternalDNS", "ExternalDNS"];

    public static KubeletAddress? Of(JsonObject node)
    {
        var addresses = node.ObjectsAt("status", "addresses").ToList();
        var host = PreferredTypes
            .Select(type => addresses.FirstOrDefault(address => address.StringAt("type") == type).StringAt("address"))
            .FirstOrDefault(address => !string.IsNullOrEmpty(address));
        var port = node.IntegerAt("status", "daemonEndpoints", "kubeletEndpoint", "Port") is > 0 and var given ? given : DefaultPort;
        return host is null ? null : new KubeletAddress(host, port);
    }

    /// <summary>The kubelet's path, which must be escaped already.</summary>
    public Uri Path(string pathAndQuery) => new($"https://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}{pathAndQuery}");
}
