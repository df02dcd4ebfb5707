namespace MiniKube.Kubelet.Runtime;

/// <summary>One run of a container. Attempt is its restart count.</summary>
internal sealed record RuntimeContainer(string Id, string Name, int Attempt, ContainerRunState State)
{
    /// <summary>The image as the pod named it.</summary>
    public string Image { get; init; } = "";

    /// <summary>The image as pod status shows it: <c>docker-pullable://name@sha256:…</c> or <c>docker://sha256:…</c>.</summary>
    public string ImageId { get; init; } = "";

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public int ExitCode { get; init; }

    /// <summary>Upstream's reason of its end: Completed, Error, OOMKilled, ContainerCannotRun.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Its termination message, or the runtime's error.</summary>
    public string Message { get; init; } = "";

    public string SandboxId { get; init; } = "";

    /// <summary>The limits that it has now; null where the runtime does not say.</summary>
    public ContainerResources? Resources { get; init; }

    /// <summary>The grace period it was created with, for pods that are no longer known.</summary>
    public TimeSpan? TerminationGracePeriod { get; init; }

    public bool BelongsTo(RuntimeSandbox? sandbox) => sandbox is not null && SandboxId == sandbox.Id;
}
