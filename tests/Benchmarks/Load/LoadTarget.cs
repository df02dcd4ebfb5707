using System.Net;
using System.Security.Cryptography.X509Certificates;

using k8s;

namespace MiniKube.Benchmarks.Load;

/// <summary>The API server that is measured, as a kubeconfig names it; with its process, if it runs on this machine.</summary>
internal sealed class LoadTarget(string kubeconfig, ServerProcess? process)
{
    private readonly KubernetesClientConfiguration _configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);

    /// <summary>Where processor time and memory are read; null for a server that is out of sight.</summary>
    public ServerProcess? Process { get; } = process;

    /// <summary>One connection of its own, over HTTP/2 as client-go's.</summary>
    public HttpClient Connect()
    {
        var handler = new SocketsHttpHandler { PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan, AutomaticDecompression = DecompressionMethods.None };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, chain, errors) =>
            _configuration.SkipTlsVerify
            || Kubernetes.CertificateValidationCallBack(this, _configuration.SslCaCerts, presented!, chain!, errors);
        if (_configuration is { ClientCertificateData: { } certificate, ClientCertificateKeyData: { } key })
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(Pem(certificate), Pem(key))];
        }

        var http = new HttpClient(handler)
        {
            BaseAddress = new Uri(_configuration.Host),
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (_configuration.AccessToken is { Length: > 0 } token)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        return http;
    }

    private static string Pem(string base64) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
