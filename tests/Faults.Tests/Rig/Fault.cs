namespace MiniKube.Faults.Tests.Rig;

/// <summary>What can happen to a cluster, and how it is mended.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Inject">Lets it happen.</param>
/// <param name="Heal">Mends it; what was killed is started again.</param>
internal sealed record Fault(string Name, Func<Task> Inject, Func<Task> Heal)
{
    /// <summary>The API server that is hit itself; null when it is the store, or a wire.</summary>
    public int? Server { get; init; }

    /// <summary>Whether a member of the store stops answering without its connections ending.</summary>
    public bool IsSilent { get; init; }

    public override string ToString() => Name;
}
