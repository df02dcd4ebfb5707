namespace MiniKube.Kubelet.Runtime;

/// <summary>Which part of a container's output: the query of the API's log subresource.</summary>
internal sealed record LogOptions
{
    public bool Follow { get; init; }

    public bool Timestamps { get; init; }

    /// <summary>Only the last lines; null is all.</summary>
    public long? TailLines { get; init; }

    /// <summary>Only what was written since.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Stop after so many bytes.</summary>
    public long? LimitBytes { get; init; }
}
