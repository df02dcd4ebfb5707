using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>Talks to kubelets, with the server's client certificate. Follows no redirect: a kubelet must not lead the server elsewhere (CVE-2020-8559).</summary>
internal sealed class KubeletClient : IDisposable
{
    private readonly HttpClient _client;

    public KubeletClient(ApiServerOptions options)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        if (options.KubeletClientCertificate is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, options.KubeletClientKey)];
        }

        var authorities = new X509Certificate2Collection();
        if (options.KubeletCertificateAuthority is { } file)
        {
            authorities.ImportFromPemFile(file);
        }

        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, errors) => Verify(presented, authorities, errors);
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public Task<HttpResponseMessage> GetAsync(Uri address, CancellationToken cancellationToken) =>
        _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public void Dispose() => _client.Dispose();

    // Upstream, too, checks kubelets' certificates only when it was told their authority.
    private static bool Verify(X509Certificate? presented, X509Certificate2Collection authorities, SslPolicyErrors errors)
    {
        if (authorities.Count == 0)
        {
            return true;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return presented is X509Certificate2 certificate && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && chain.Build(certificate);
    }
}
