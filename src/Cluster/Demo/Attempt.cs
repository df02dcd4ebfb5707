namespace MiniKube.Cluster.Demo;

/// <summary>One try of a request of the load, and what its client was told.</summary>
/// <param name="Client">Who asked.</param>
/// <param name="Kind">What was asked for.</param>
/// <param name="Key">The object; empty for a list.</param>
/// <param name="Value">What was to be written, or was read; every try of a write has a value of its own.</param>
/// <param name="VersionIn">The resourceVersion that the client named; 0 for none.</param>
/// <param name="VersionOut">The resourceVersion that it was told; 0 for none.</param>
/// <param name="Call">When, since the load began.</param>
/// <param name="Return">When it was answered, or given up.</param>
/// <param name="Outcome">What the answer was.</param>
internal sealed record Attempt(
    int Client, AttemptKind Kind, string Key, string? Value, long VersionIn, long VersionOut, TimeSpan Call, TimeSpan Return, AttemptOutcome Outcome)
{
    public bool IsAnswered => Outcome != AttemptOutcome.Unknown;
}
