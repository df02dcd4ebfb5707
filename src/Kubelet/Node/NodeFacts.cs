namespace MiniKube.Kubelet.Node;

/// <summary>What a machine is and has. Memory and storage are in bytes.</summary>
internal sealed record NodeFacts
{
    public int Cpus { get; init; }

    public long Memory { get; init; }

    public long EphemeralStorage { get; init; }

    /// <summary>The lowest oom_score_adj that a process here may have.</summary>
    public int LowestOomScore { get; init; } = -1000;

    /// <summary>Whether the kernel enforces AppArmor profiles.</summary>
    public bool HasAppArmor { get; init; }

    public string MachineId { get; init; } = "";

    public string SystemUuid { get; init; } = "";

    public string BootId { get; init; } = "";

    public string KernelVersion { get; init; } = "";

    public string OsImage { get; init; } = "";

    /// <summary>Go's name: amd64, arm64.</summary>
    public string Architecture { get; init; } = "amd64";
}
