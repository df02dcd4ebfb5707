namespace MiniKube.Storage;

/// <summary>One version of one key. Version counts the writes since the key was created, from 1; it is 0 for a deletion.</summary>
public sealed record KeyValue(string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long ModRevision, long Version);
