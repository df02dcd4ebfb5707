namespace MiniKube.Cluster.Raft;

/// <summary>An entry of the log, as JSON: a key gets a value, or, with null, goes.</summary>
internal sealed record KeyChange(string Key, byte[]? Value);
