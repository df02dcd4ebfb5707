namespace MiniKube.Kubelet.Runtime;

/// <summary>What a container is made of: everything of the pod's spec is resolved.</summary>
internal sealed record ContainerConfig(SandboxConfig Pod, string Name, int Attempt, string Image, string ImageId)
{
    /// <summary>Replaces the image's entry point; empty keeps it.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Args { get; init; } = [];

    public string WorkingDir { get; init; } = "";

    /// <summary><c>NAME=value</c>, in the pod's order.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    public IReadOnlyList<MountSpec> Mounts { get; init; } = [];

    public ContainerResources Resources { get; init; } = new();

    public ContainerSecurity Security { get; init; } = new();

    /// <summary>The process namespace to join: empty for its own, <c>sandbox</c>, <c>host</c>, or a container's id.</summary>
    public string PidNamespace { get; init; } = "";

    public bool Stdin { get; init; }

    public bool StdinOnce { get; init; }

    public bool Tty { get; init; }

    public string StopSignal { get; init; } = "";

    /// <summary>Where on the node its termination message is, and whether the end of its log stands in for it after an error.</summary>
    public string TerminationMessagePath { get; init; } = "";

    public bool TerminationMessageFromLogs { get; init; }

    public TimeSpan TerminationGracePeriod { get; init; } = TimeSpan.FromSeconds(30);
}
