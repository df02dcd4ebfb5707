namespace MiniKube.Client;

/// <summary>How to reach the API server.</summary>
public sealed record KubernetesClientOptions
{
    /// <summary>The path of a kubeconfig; null is the client's default place (~/.kube/config). Flag: --kubeconfig.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The name of the component: the User-Agent up to its slash, which the server records as field manager.</summary>
    public required string Component { get; init; }

    /// <summary>How long a request other than a watch may take. The server's own limit is 60 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(65);

    /// <summary>An idle HTTP/2 connection is pinged after this time, so that a server that is silently dead is noticed.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A ping that is not answered in this time ends the connection and what runs on it.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The certificate to show instead of the kubeconfig's; when it is replaced, connections begin anew with the new one. Null keeps the kubeconfig's.</summary>
    public RotatingCertificate? ClientCertificate { get; init; }
}
