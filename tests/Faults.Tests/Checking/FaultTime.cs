namespace MiniKube.Faults.Tests.Checking;

/// <summary>When a fault was there.</summary>
/// <param name="Time">From its beginning until it was mended and what was killed has started.</param>
/// <param name="Server">The server that it hit itself, which is excused; null for the store, or a wire.</param>
/// <param name="IsSilent">Whether a member of the store stopped answering without its connections ending.</param>
internal sealed record FaultTime(Span Time, string? Server, bool IsSilent);
