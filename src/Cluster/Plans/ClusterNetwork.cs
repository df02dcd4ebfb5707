using System.Net;

namespace MiniKube.Cluster.Plans;

/// <summary>The addresses of a cluster. Its wire is its own, so every cluster uses the same.</summary>
public static class ClusterNetwork
{
    public const string ServiceSubnet = "10.96.0.0/12";

    public const string PodSubnet = "10.244.0.0/16";

    /// <summary>The subnet that the controller manager gives to the first node.</summary>
    public const string FirstNodePodSubnet = "10.244.0.0/24";

    /// <summary>The API server's port on its host.</summary>
    public const int ApiServerPort = 6443;

    /// <summary>The port of the way out for image pulls, on each node's loopback.</summary>
    public const int ProxyPort = 3128;

    public static readonly IPAddress Node1 = IPAddress.Parse("172.28.128.31");

    /// <summary>The first service address: the <c>kubernetes</c> service.</summary>
    public static readonly IPAddress KubernetesService = IPAddress.Parse("10.96.0.1");
}
