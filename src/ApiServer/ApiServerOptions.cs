using System.Net;

using MiniKube.ApiServer.Authentication;
using MiniKube.Hosting;

namespace MiniKube.ApiServer;

/// <summary>What the API server is told by its flags; names and defaults are upstream's.</summary>
public sealed record ApiServerOptions
{
    public LoggingOptions Logging { get; init; } = new();

    public IPAddress BindAddress { get; init; } = IPAddress.Any;

    /// <summary>0 takes a free port.</summary>
    public int SecurePort { get; init; } = 6443;

    /// <summary>The address that the <c>kubernetes</c> Service leads to.</summary>
    public IPAddress AdvertiseAddress { get; init; } = IPAddress.Loopback;

    /// <summary>PEM files; without them a self-signed certificate is made in memory.</summary>
    public string? TlsCertFile { get; init; }

    public string? TlsPrivateKeyFile { get; init; }

    /// <summary>PEM file: client certificates of these authorities are users.</summary>
    public string? ClientCaFile { get; init; }

    /// <summary>Front proxies that say on whose behalf they ask.</summary>
    public RequestHeaderOptions RequestHeader { get; init; } = new();

    /// <summary>URLs of etcd's members; empty uses the embedded store.</summary>
    public IReadOnlyList<string> EtcdServers { get; init; } = [];

    public string? EtcdCaFile { get; init; }

    public string? EtcdCertFile { get; init; }

    public string? EtcdKeyFile { get; init; }

    /// <summary>The embedded store's file, or <c>:memory:</c>.</summary>
    public string EmbeddedStore { get; init; } = ":memory:";

    public string ServiceClusterIpRange { get; init; } = "10.96.0.0/12";

    public string ServiceNodePortRange { get; init; } = "30000-32767";

    /// <summary>What the server shows to kubelets.</summary>
    public string? KubeletClientCertificate { get; init; }

    public string? KubeletClientKey { get; init; }

    /// <summary>PEM file: what kubelets' serving certificates are checked by; without it they are not checked.</summary>
    public string? KubeletCertificateAuthority { get; init; }

    public string AuthorizationMode { get; init; } = "AlwaysAllow";

    /// <summary>The first issues tokens, the others are still believed. Default: kubeadm's.</summary>
    public IReadOnlyList<string> ServiceAccountIssuers { get; init; } = ["https://kubernetes.default.svc.cluster.local"];

    /// <summary>PEM files: the keys that check tokens. Without any: the signing key.</summary>
    public IReadOnlyList<string> ServiceAccountKeyFiles { get; init; } = [];

    /// <summary>PEM file: the key that signs tokens. Without it a key is made in memory: tokens end with the process.</summary>
    public string? ServiceAccountSigningKeyFile { get; init; }

    /// <summary>What the server is called in tokens. Default: the issuers.</summary>
    public IReadOnlyList<string> ApiAudiences { get; init; } = [];

    /// <summary>The longest that a requested token may live; 0 is no limit.</summary>
    public TimeSpan ServiceAccountMaxTokenExpiration { get; init; }

    /// <summary>Whether tokens that the kubelet gets for pods in upstream's volume live on for a year, for clients that read the file only once.</summary>
    public bool ServiceAccountExtendTokenExpiration { get; init; } = true;

    /// <summary>Where clients find the keys of tokens; null is this server.</summary>
    public string? ServiceAccountJwksUri { get; init; }

    /// <summary>CSV file of tokens, users, uids and groups.</summary>
    public string? TokenAuthFile { get; init; }

    public bool AnonymousAuth { get; init; } = true;

    /// <summary>Whether containers may be privileged.</summary>
    public bool AllowPrivileged { get; init; }

    /// <summary>Whether Secrets of the type bootstrap.kubernetes.io/token in kube-system are credentials. Flag: --enable-bootstrap-token-auth.</summary>
    public bool EnableBootstrapTokenAuth { get; init; }

    /// <summary>Plugins besides those that are on by default: NodeRestriction.</summary>
    public IReadOnlyList<string> EnableAdmissionPlugins { get; init; } = [];

    public IReadOnlyList<string> DisableAdmissionPlugins { get; init; } = [];

    public int MaxRequestsInflight { get; init; } = 400;

    public int MaxMutatingRequestsInflight { get; init; } = 200;

    /// <summary>How many requests one HTTP/2 connection may carry at once; more are refused.</summary>
    public int Http2MaxStreamsPerConnection { get; init; } = 1000;

    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long events are kept. Upstream's default: one hour.</summary>
    public TimeSpan EventTtl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often the store forgets old revisions; 0 is never. Upstream's default: 5 minutes.</summary>
    public TimeSpan EtcdCompactionInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The file that every request is written down in, or <c>-</c> for standard output; null: they are not.</summary>
    public string? AuditLogPath { get; init; }

    /// <summary>The size, in megabytes, at which a new file begins. 0: 100.</summary>
    public int AuditLogMaxSize { get; init; }

    /// <summary>How many older files are kept; 0: all.</summary>
    public int AuditLogMaxBackup { get; init; }

    /// <summary>With which probability a request over HTTP/2 is answered with a GOAWAY; at most 0.02.</summary>
    public double GoAwayChance { get; init; }

    /// <summary>How long /readyz is red before new requests are refused, so that load balancers look away.</summary>
    public TimeSpan ShutdownDelayDuration { get; init; }
}
