using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

using MiniKube.Api.Errors;
using MiniKube.Hosting;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>
/// Talks to what is behind the server: kubelets, or pods and services. Follows no redirect: a backend must not lead the server elsewhere (CVE-2020-8559).
/// Connections are kept for the next request, but for those that were to be upgraded: a backend that refuses one loses its connection (CVE-2018-1002105).
/// </summary>
internal sealed class BackendClient : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _requests;
    private readonly HttpMessageInvoker _upgrades;

    private BackendClient(RemoteCertificateValidationCallback verify, X509Certificate2? certificate)
    {
        _requests = new HttpMessageInvoker(CreateHandler(verify, certificate));
        var upgrades = CreateHandler(verify, certificate);
        upgrades.PooledConnectionLifetime = TimeSpan.Zero;
        _upgrades = new HttpMessageInvoker(upgrades);
    }

    /// <summary>Kubelets, to which the server shows its client certificate.</summary>
    /// <param name="options">The server's flags.</param>
    /// <param name="verify">Whether kubelets' certificates are checked, if it is known by what. Upstream, too, checks them only when it was told their authority.</param>
    public static BackendClient OfKubelets(ApiServerOptions options, bool verify = true)
    {
        var authorities = new X509Certificate2Collection();
        if (verify && options.KubeletCertificateAuthority is { } file)
        {
            authorities.ImportFromPemFile(file);
        }

        var certificate = options.KubeletClientCertificate is { } own ? X509Certificate2.CreateFromPemFile(own, options.KubeletClientKey) : null;
        return new BackendClient((_, presented, _, errors) => Verify(presented, authorities, errors), certificate);
    }

    /// <summary>Pods and services: nothing is known of their certificates, and they are shown none.</summary>
    public static BackendClient OfWorkloads() => new((_, presented, _, errors) => Verify(presented, [], errors), null);

    /// <summary>Returns when the head of the answer is there. Failures are <see cref="HttpRequestException"/>.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _requests.SendAsync(request, cancellationToken);

    /// <summary>Asks for an upgrade; what comes back tells whether there is one (101).</summary>
    public Task<HttpResponseMessage> UpgradeAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _upgrades.SendAsync(request, cancellationToken);

    /// <summary>Upstream's text for a backend that cannot be reached.</summary>
    public static string Describe(Uri address, HttpRequestException error) => error.InnerException is System.Security.Authentication.AuthenticationException tls
        ? $"tls: {tls.Message}"
        : DialError.Describe(address.Host.Trim('[', ']'), address.Port, error);

    public static StatusException Redirected() => Failure(
        StatusCodes.Status502BadGateway, "the backend attempted to redirect this request, which is not permitted");

    /// <summary>A failure without a reason, as upstream passes on errors that are none of its own: kubectl shows the message alone.</summary>
    public static StatusException Failure(int code, string message) => new(new k8s.Models.V1Status
    {
        Metadata = new k8s.Models.V1ListMeta(),
        Status = "Failure",
        Message = message,
        Code = code,
    });

    public void Dispose()
    {
        _requests.Dispose();
        _upgrades.Dispose();
    }

    private static SocketsHttpHandler CreateHandler(RemoteCertificateValidationCallback verify, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectLimit,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = verify;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return handler;
    }

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
