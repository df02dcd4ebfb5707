using System.Net;

namespace MiniKube.Cluster.Pki;

/// <summary>Whom a certificate names. Kubernetes reads the common name as the user and each organization as a group.</summary>
public sealed record CertificateSpec(string CommonName)
{
    public IReadOnlyList<string> Organizations { get; init; } = [];

    public IReadOnlyList<string> DnsNames { get; init; } = [];

    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>May identify a server; a certificate without names may not.</summary>
    public bool Server => DnsNames.Count + Addresses.Count > 0;

    /// <summary>May identify a client.</summary>
    public bool Client { get; init; } = true;
}
