namespace MiniKube.Storage.Embedded;

/// <summary>Where the embedded store keeps its data, and how much of it.</summary>
public sealed record EmbeddedStoreOptions
{
    /// <summary>Keeps everything in memory only, for tests.</summary>
    public const string InMemory = ":memory:";

    /// <summary>The database file, made if it does not exist, readable only by its owner; beside it lie <c>-wal</c>, <c>-shm</c> and <c>.lock</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The size of the file, in bytes, from which only deletes are taken, as etcd's <c>--quota-backend-bytes</c> with its default of 2 GiB.</summary>
    public long QuotaBytes { get; init; } = 2L << 30;
}
