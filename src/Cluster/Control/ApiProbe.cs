using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

using MiniKube.Client.Manifests;
using MiniKube.Cluster.Hosts;
using MiniKube.Cluster.Pki;
using MiniKube.Cluster.Plans;
using MiniKube.Hosting;

namespace MiniKube.Cluster.Control;

/// <summary>Asks an API server, through the machine's port or from a host's network, what <c>mk up</c> and <c>mk status</c> want to know, and tells it what every cluster has.</summary>
internal sealed class ApiProbe : IDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(3);

    private readonly HttpClient _client;

    private ApiProbe(Uri server, NetworkNamespace? network, ClusterPki pki) =>
        _client = new HttpClient(CreateHandler(pki, network)) { BaseAddress = server, Timeout = RequestLimit };

    /// <summary>How the administrator connects to an API server, from the machine or from a host's network.</summary>
    internal static SocketsHttpHandler CreateHandler(ClusterPki pki, NetworkNamespace? network)
    {
        var admin = pki.Admin();
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(pki.Authority.Pem.Certificate));
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [X509Certificate2.CreateFromPem(admin.Certificate, admin.Key)],
                CertificateChainPolicy = trust,
            },
        };
        if (network is not null)
        {
            handler.ConnectCallback = (context, cancellationToken) => ConnectAsync(network, context.DnsEndPoint, cancellationToken);
        }

        return handler;
    }

    /// <summary>The way that the cluster's users go.</summary>
    public static ApiProbe OfEntry(ClusterHosts cluster) => new(new Uri($"https://127.0.0.1:{cluster.Layout.Spec.Port}"), null, PkiOf(cluster));

    /// <summary>One master, asked on its own host: whatever is between it and others.</summary>
    public static ApiProbe OfMaster(ClusterHosts cluster, Host host) =>
        new(new Uri(ClusterLayout.ServerAt(cluster.Layout.Find(host.Name))), host.Network, PkiOf(cluster));

    /// <summary>Null when the API server is ready, else why it is not.</summary>
    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"/readyz answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}";
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            return exception.Message;
        }
    }

    /// <summary>The nodes, or none while the API server does not answer.</summary>
    public Task<IReadOnlyList<NodeState>> NodesAsync(CancellationToken cancellationToken) => ListAsync("/api/v1/nodes", ToState, cancellationToken);

    /// <summary>Who leads by the Leases of <c>kube-system</c>, the names of Leases that have run out left out; none while the API server does not answer.</summary>
    public async Task<IReadOnlyDictionary<string, string>> LeadersAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (await ListAsync("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", ToLeader, cancellationToken))
        .Where(lease => lease.Holder.Length > 0 && lease.Expires > now)
        .ToDictionary(lease => lease.Name, lease => lease.Holder, StringComparer.Ordinal);

    /// <summary>When each node has last said that it lives; none while the API server does not answer.</summary>
    public Task<IReadOnlyList<(string Node, DateTimeOffset At)>> SignsOfLifeAsync(CancellationToken cancellationToken) =>
        ListAsync("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", ToSign, cancellationToken);

    /// <summary>Brings the objects of a manifest to what it says, as the administrator. Null when it is done, else why it is not.</summary>
    public async Task<string?> WhyNotAppliedAsync(string manifest, CancellationToken cancellationToken)
    {
        try
        {
            await new ManifestApplier(_client, "mk").ApplyAsync(manifest, cancellationToken);
            return null;
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            return exception.Message;
        }
    }

    public void Dispose() => _client.Dispose();

    private static ClusterPki PkiOf(ClusterHosts cluster) => ClusterPki.LoadOrCreate(cluster.Paths.Pki, cluster.Clock.GetUtcNow());

    private static async ValueTask<Stream> ConnectAsync(NetworkNamespace network, DnsEndPoint server, CancellationToken cancellationToken)
    {
        var socket = network.CreateSocket();
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(IPAddress.Parse(server.Host), server.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(string path, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var answer = await _client.GetStreamAsync(new Uri(path, UriKind.Relative), cancellationToken);
            using var list = await JsonDocument.ParseAsync(answer, default, cancellationToken);
            return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(read)];
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            return [];
        }
    }

    private static (string Name, string Holder, DateTimeOffset Expires) ToLeader(JsonElement lease)
    {
        var spec = lease.GetProperty("spec");
        return (
            lease.GetProperty("metadata").GetProperty("name").GetString() ?? "",
            spec.TryGetProperty("holderIdentity", out var holder) ? holder.GetString() ?? "" : "",
            spec.TryGetProperty("renewTime", out var renewed) && spec.TryGetProperty("leaseDurationSeconds", out var seconds)
                ? renewed.GetDateTimeOffset().AddSeconds(seconds.GetInt32())
                : DateTimeOffset.MinValue);
    }

    private static (string Node, DateTimeOffset At) ToSign(JsonElement lease) => (
        lease.GetProperty("metadata").GetProperty("name").GetString() ?? "",
        lease.GetProperty("spec").TryGetProperty("renewTime", out var renewed) ? renewed.GetDateTimeOffset() : DateTimeOffset.MinValue);

    private static NodeState ToState(JsonElement node) => new(
        node.GetProperty("metadata").GetProperty("name").GetString() ?? "",
        node.TryGetProperty("status", out var status)
            && status.TryGetProperty("conditions", out var conditions)
            && conditions.EnumerateArray().Any(condition =>
                condition.GetProperty("type").GetString() == "Ready" && condition.GetProperty("status").GetString() == "True"),
        node.GetProperty("metadata").GetProperty("creationTimestamp").GetDateTimeOffset());

    private static bool IsNoAnswer(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
