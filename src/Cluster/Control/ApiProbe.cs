using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

using MiniKube.Cluster.Pki;

namespace MiniKube.Cluster.Control;

/// <summary>Asks a cluster's API server, through the machine's port, what <c>mk up</c> and <c>mk status</c> want to know.</summary>
internal sealed class ApiProbe : IDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;

    public ApiProbe(int port, ClusterPki pki)
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
        _client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}"), Timeout = RequestLimit };
    }

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
    public async Task<IReadOnlyList<NodeState>> NodesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var answer = await _client.GetStreamAsync(new Uri("/api/v1/nodes", UriKind.Relative), cancellationToken);
            using var list = await JsonDocument.ParseAsync(answer, default, cancellationToken);
            return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(ToState)];
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            return [];
        }
    }

    public void Dispose() => _client.Dispose();

    private static NodeState ToState(JsonElement node) => new(
        node.GetProperty("metadata").GetProperty("name").GetString() ?? "",
        node.TryGetProperty("status", out var status)
            && status.TryGetProperty("conditions", out var conditions)
            && conditions.EnumerateArray().Any(condition =>
                condition.GetProperty("type").GetString() == "Ready" && condition.GetProperty("status").GetString() == "True"));

    private static bool IsNoAnswer(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
