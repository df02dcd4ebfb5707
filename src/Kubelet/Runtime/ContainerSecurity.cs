namespace MiniKube.Kubelet.Runtime;

/// <summary>As whom and with which rights a container runs.</summary>
internal sealed record ContainerSecurity
{
    /// <summary><c>uid</c> or <c>uid:gid</c>; empty for the image's own.</summary>
    public string User { get; init; } = "";

    public IReadOnlyList<string> SupplementalGroups { get; init; } = [];

    public bool Privileged { get; init; }

    public bool ReadOnlyRootFilesystem { get; init; }

    public bool NoNewPrivileges { get; init; }

    public IReadOnlyList<string> AddCapabilities { get; init; } = [];

    public IReadOnlyList<string> DropCapabilities { get; init; } = [];

    /// <summary>Empty for the runtime's own, <c>unconfined</c>, or the JSON of a profile. Upstream runs containers unconfined unless the pod asks for another.</summary>
    public string SeccompProfile { get; init; } = "unconfined";

    /// <summary>Empty for the runtime's own, <c>unconfined</c>, or a profile's name.</summary>
    public string AppArmorProfile { get; init; } = "";

    /// <summary><c>user:…</c>, <c>role:…</c>, <c>type:…</c>, <c>level:…</c>; without meaning where the kernel does not use them.</summary>
    public IReadOnlyList<string> SeLinuxLabels { get; init; } = [];
}
