using System.Globalization;

namespace MiniKube.Faults.Tests.Histories;

/// <summary>One request on one object, from call to return.</summary>
/// <param name="Client">Who asked.</param>
/// <param name="Key">The object.</param>
/// <param name="Kind">What was asked for.</param>
/// <param name="Value">What was written, or read; every write has a value of its own.</param>
/// <param name="VersionIn">The resourceVersion that the client named; 0 for none.</param>
/// <param name="VersionOut">The resourceVersion that it was told; 0 for none.</param>
/// <param name="Call">When, as a timestamp of the clock.</param>
/// <param name="Return">When the answer came; <see cref="long.MaxValue"/> for Unknown: it may take effect at any time after.</param>
/// <param name="Outcome">What the answer was.</param>
internal sealed record Operation(
    int Client, string Key, OperationKind Kind, string? Value, long VersionIn, long VersionOut, long Call, long Return, Outcome Outcome)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"[{Call} {(Return == long.MaxValue ? "…" : Return)}] client {Client}: {Kind} {Key} {Value} in {VersionIn} out {VersionOut}: {Outcome}");
}
