using System.Net;

using MiniKube.Kubelet.Node;

namespace MiniKube.Kubelet;

/// <summary>What the command line said.</summary>
internal sealed record KubeletOptions
{
    public required NodeAgentOptions Node { get; init; }

    /// <summary>Flag: --kubeconfig.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Flag: --bootstrap-kubeconfig: with which to join when there is no --kubeconfig, or its certificate has ended; it is written then.</summary>
    public string? BootstrapKubeconfig { get; init; }

    /// <summary>Flag: --cert-dir: where certificates are kept that the cluster gives.</summary>
    public string CertDirectory { get; init; } = "/var/lib/kubelet/pki";

    /// <summary>Flag: --rotate-certificates: whether the client certificate is replaced before it ends.</summary>
    public bool RotateCertificates { get; init; }

    /// <summary>Flag: --rotate-server-certificates: whether the cluster gives the serving certificate, too. --tls-cert-file goes before it.</summary>
    public bool RotateServerCertificates { get; init; }

    /// <summary>Flag: --runtime: docker, or hollow for pods that run only in memory.</summary>
    public string Runtime { get; init; } = "docker";

    /// <summary>Flag: --docker-endpoint.</summary>
    public string DockerEndpoint { get; init; } = "unix:///var/run/docker.sock";

    /// <summary>Flag: --hollow-nodes: how many hollow nodes this process is; they are called after the host's name and a number.</summary>
    public int HollowNodes { get; init; } = 1;

    /// <summary>Flag: --address.</summary>
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>Flag: --healthz-port, on loopback; 0 serves nothing.</summary>
    public int HealthzPort { get; init; } = 10248;

    /// <summary>Flag: --tls-cert-file.</summary>
    public string? TlsCertFile { get; init; }

    /// <summary>Flag: --tls-private-key-file.</summary>
    public string? TlsPrivateKeyFile { get; init; }

    /// <summary>Flag: --client-ca-file. Without it nobody is let in on the TLS port.</summary>
    public string? ClientCaFile { get; init; }

    /// <summary>Flag: --v.</summary>
    public int Verbosity { get; init; }
}
