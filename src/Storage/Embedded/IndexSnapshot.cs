namespace MiniKube.Storage.Embedded;

/// <summary>The versions that a query found, and the revision that it looked at.</summary>
internal sealed record IndexSnapshot(long Revision, long Count, IReadOnlyList<KeyVersion> Versions);
