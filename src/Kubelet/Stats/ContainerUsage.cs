namespace MiniKube.Kubelet.Stats;

/// <summary>What a running container, or a pod's sandbox, uses.</summary>
internal sealed record ContainerUsage(string PodUid, string PodNamespace, string PodName, string Name, string Id, DateTimeOffset StartedAt, ResourceUsage Usage)
{
    /// <summary>The container of a pod's namespaces: it counts for the pod, and is not one of its containers.</summary>
    public bool IsSandbox { get; init; }

    public string Image { get; init; } = "";

    /// <summary>Its cgroup, as upstream's label <c>id</c>.</summary>
    public string Cgroup { get; init; } = "";

    /// <summary>The folder of what it changed in its image's files; empty where that is not known.</summary>
    public string WritableLayer { get; init; } = "";

    /// <summary>The file of its output; empty where there is none.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>Of a sandbox with a network of its own: what its interfaces carried.</summary>
    public IReadOnlyList<InterfaceUsage> Interfaces { get; init; } = [];
}
