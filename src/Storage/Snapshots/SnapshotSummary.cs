namespace MiniKube.Storage.Snapshots;

/// <summary>What a snapshot is of: the store's revision, and how many keys.</summary>
public sealed record SnapshotSummary(long Revision, long Keys);
