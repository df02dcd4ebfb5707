using System.Net;

namespace MiniKube.Hosting;

/// <summary>Where a component serves its health and metrics. Flags: --bind-address, --secure-port, --tls-cert-file, --tls-private-key-file.</summary>
public sealed record ServingOptions
{
    /// <summary>Upstream's default is all addresses.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Any;

    /// <summary>The TLS port: 10259 for the scheduler, 10257 for the controller manager. 0 serves nothing.</summary>
    public int SecurePort { get; init; }

    /// <summary>PEM files. When absent a self-signed certificate is made in memory, as upstream does.</summary>
    public string? TlsCertFile { get; init; }

    public string? TlsPrivateKeyFile { get; init; }
}
