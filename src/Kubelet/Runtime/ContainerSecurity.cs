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

    /// <summary>Upstream runs containers unconfined unless the pod asks for the runtime's profile.</summary>
    public bool DefaultSeccompProfile { get; init; }
}
