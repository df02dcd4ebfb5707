using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace MiniKube.Storage.Etcd;

/// <summary>Makes connections to members: keepalive, TLS with client certificates, and no limit of the client's own on messages.</summary>
internal static class EtcdChannels
{
    // etcd closes connections that ping more often than every 5 s.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    public static GrpcChannel Open(Uri server, EtcdStoreOptions options) =>
        GrpcChannel.ForAddress(server, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = ConnectTimeout,
                KeepAlivePingDelay = PingDelay,
                KeepAlivePingTimeout = PingTimeout,
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                EnableMultipleHttp2Connections = true,
                UseProxy = false,
                SslOptions = Tls(options),
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,

            // A member that comes back is used again within a second, not after the default two minutes.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromSeconds(1),
        });

    private static SslClientAuthenticationOptions Tls(EtcdStoreOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        try
        {
            if (options.CaFile is { } caFile)
            {
                var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                policy.CustomTrustStore.ImportFromPemFile(caFile);
                tls.CertificateChainPolicy = policy;
            }

            if (options.CertFile is { } certFile)
            {
                tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(certFile, options.KeyFile)];
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageErrorKind.Failed, $"cannot read etcd's certificates: {e.Message}", e);
        }

        return tls;
    }
}
