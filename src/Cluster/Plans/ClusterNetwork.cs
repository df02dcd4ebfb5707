using System.Net;

namespace MiniKube.Cluster.Plans;

/// <summary>The addresses of a cluster. Its wire is its own, so every cluster uses the same.</summary>
public static class ClusterNetwork
{
    public const string ServiceSubnet = "10.96.0.0/12";

    public const string PodSubnet = "10.244.0.0/16";

    public const string Domain = "cluster.local";

    /// <summary>The service address of the name servers, as manifests/addons has it.</summary>
    public const string NameServer = "10.96.0.10";

    /// <summary>The API server's port on its host, and the load balancer's.</summary>
    public const int ApiServerPort = 6443;

    /// <summary>The port of the way out for image pulls, on each node's loopback.</summary>
    public const int ProxyPort = 3128;

    /// <summary>As many hosts of one role have addresses.</summary>
    public const int MostMasters = 9;
    public const int MostEtcdMembers = 9;
    public const int MostNodes = 99;

    public static readonly IPAddress LoadBalancer = IPAddress.Parse("172.28.128.10");

    public static readonly IPAddress FirstMaster = IPAddress.Parse("172.28.128.11");

    public static readonly IPAddress FirstEtcdMember = IPAddress.Parse("172.28.128.21");

    public static readonly IPAddress FirstNode = IPAddress.Parse("172.28.128.31");

    /// <summary>The first service address: the <c>kubernetes</c> service.</summary>
    public static readonly IPAddress KubernetesService = IPAddress.Parse("10.96.0.1");

    /// <summary>The pod subnet of a node, counted from 0. A single node has the one that the controller manager gives to the first.</summary>
    public static string PodSubnetOf(int node) => $"10.244.{node}.0/24";

    public static IPAddress After(IPAddress first, int index)
    {
        var bytes = first.GetAddressBytes();
        bytes[^1] += (byte)index;
        return new IPAddress(bytes);
    }
}
