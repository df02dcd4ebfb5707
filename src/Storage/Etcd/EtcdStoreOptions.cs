namespace MiniKube.Storage.Etcd;

/// <summary>Where etcd is and how patient to be, as kube-apiserver's <c>--etcd-*</c> flags.</summary>
public sealed record EtcdStoreOptions
{
    /// <summary><c>--etcd-servers</c>: URLs of the members, http or https; the first that is well is used.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary><c>--etcd-cafile</c>: PEM certificates that sign the members' certificates; null trusts the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary><c>--etcd-certfile</c>: the PEM certificate to show to etcd, with <see cref="KeyFile"/>; null shows none.</summary>
    public string? CertFile { get; init; }

    /// <summary><c>--etcd-keyfile</c>: the PEM key of <see cref="CertFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How long a member may take to say how it is, before it counts as silent.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a member may take for a read while it says that it is well; each further round allows twice as long. Longer than an election, which a read may have to wait for.
    /// </summary>
    public TimeSpan ReadAttemptTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long to look for a write that was not answered and is not there: it may still be on its way.</summary>
    public TimeSpan LateWriteTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a request is tried in all before it is Unavailable or Unknown.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
