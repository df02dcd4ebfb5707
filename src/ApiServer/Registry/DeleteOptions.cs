namespace MiniKube.ApiServer.Registry;

/// <summary>How to delete (metav1.DeleteOptions, from the body or the query).</summary>
internal sealed record DeleteOptions
{
    public static DeleteOptions Default { get; } = new();

    public long? GracePeriodSeconds { get; init; }

    /// <summary>Delete only the object with this uid.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only this version of the object.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Orphan, Background or Foreground; null is the kind's default.</summary>
    public string? PropagationPolicy { get; init; }

    /// <summary>The deprecated way to ask for Orphan (true) or not (false).</summary>
    public bool? OrphanDependents { get; init; }

    /// <summary>ignoreStoreReadErrorWithClusterBreakingPotential: delete what cannot be read, whatever hangs on it.</summary>
    public bool IgnoresReadErrors { get; init; }

    public bool DryRun { get; init; }
}
