using System.Net;
using System.Net.Http.Headers;

using k8s;

using MiniKube.Client.Transport;

namespace MiniKube.Client;

/// <summary>
/// One pool of connections to the API server: address, TLS and credentials from a kubeconfig (read by the KubernetesClient package), HTTP/2 where the server has it.
/// </summary>
public sealed class ApiConnection : IDisposable
{
    private readonly Kubernetes _kubernetes;
    private readonly OpenConnections _connections = new();

    public ApiConnection(KubernetesClientOptions options)
        : this(KubernetesClientConfiguration.BuildConfigFromConfigFile(options.Kubeconfig), options)
    {
    }

    /// <summary>For a configuration that is not in a file, as tests have it.</summary>
    public ApiConnection(KubernetesClientConfiguration configuration, KubernetesClientOptions options)
    {
        Options = options;
        SocketsHttpHandler? sender = null;
        configuration.FirstMessageHandlerSetup = handler => Configure(sender = handler, options);
        // A watch has no end; what has one gets it request by request.
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        _kubernetes = new Kubernetes(configuration);
        if (options.ClientCertificate is { } certificate && sender is not null)
        {
            Show(certificate, sender);
        }

        Http = _kubernetes.HttpClient;
        Http.BaseAddress = _kubernetes.BaseUri.AbsoluteUri.EndsWith('/') ? _kubernetes.BaseUri : new Uri(_kubernetes.BaseUri.AbsoluteUri + "/");
        Http.DefaultRequestHeaders.UserAgent.Clear();
        Http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(options.Component, "v1.34.0"));
    }

    /// <summary>The same server and the same trust in it, but nothing that says who asks: for tokens that requests bring along.</summary>
    public static ApiConnection WithoutCredentials(KubernetesClientOptions options)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(options.Kubeconfig);
        return new ApiConnection(
            new KubernetesClientConfiguration
            {
                Host = configuration.Host,
                SslCaCerts = configuration.SslCaCerts,
                SkipTlsVerify = configuration.SkipTlsVerify,
                TlsServerName = configuration.TlsServerName,
            },
            options);
    }

    internal HttpClient Http { get; }

    internal KubernetesClientOptions Options { get; }

    public void Dispose()
    {
        if (Options.ClientCertificate is { } certificate)
        {
            certificate.Replaced -= _connections.End;
        }

        _kubernetes.Dispose();
    }

    /// <summary>A request with the credentials of the kubeconfig. The caller disposes it.</summary>
    internal async Task<HttpRequestMessage> CreateRequestAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (_kubernetes.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        return request;
    }

    // After the package has set its own.
    private void Show(RotatingCertificate certificate, SocketsHttpHandler sender)
    {
        sender.ConnectCallback = _connections.ConnectAsync;
        sender.SslOptions.LocalCertificateSelectionCallback = (_, _, configured, _, _) =>
            certificate.Current ?? (configured.Count > 0 ? configured[0] : null)!;
        certificate.Replaced += _connections.End;
    }

    private static void Configure(SocketsHttpHandler handler, KubernetesClientOptions options)
    {
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.KeepAlivePingDelay = options.KeepAlivePingDelay;
        handler.KeepAlivePingTimeout = options.KeepAlivePingTimeout;
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.EnableMultipleHttp2Connections = true;
        // No trace headers and no proxy from the environment: a component talks to its server directly.
        handler.ActivityHeadersPropagator = null;
        handler.UseProxy = false;
    }
}
