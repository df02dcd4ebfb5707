using System.Net;

using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Demo;

/// <summary>Where the load goes: the way of the cluster's users, through the load balancer.</summary>
/// <param name="cluster">Whose.</param>
/// <param name="namespace">In which all happens.</param>
/// <param name="patience">How long a client waits for an answer.</param>
internal sealed class LoadServer(ClusterHosts cluster, string @namespace, TimeSpan patience)
{
    // As the project's own components do it.
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(5);

    private readonly ClusterPki _pki = ClusterPki.LoadOrCreate(cluster.Paths.Pki, cluster.Clock.GetUtcNow());

    public string Namespace => @namespace;

    public TimeSpan Patience => patience;

    public string ConfigMaps => $"/api/v1/namespaces/{@namespace}/configmaps";

    /// <summary>A client with connections of its own, over HTTP/2 as client-go's.</summary>
    public HttpClient Connect()
    {
        var handler = ApiProbe.CreateHandler(_pki, null);
        handler.KeepAlivePingDelay = Ping;
        handler.KeepAlivePingTimeout = Ping;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://127.0.0.1:{cluster.Layout.Spec.Port}"),
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }
}
