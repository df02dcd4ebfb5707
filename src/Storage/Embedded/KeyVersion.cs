namespace MiniKube.Storage.Embedded;

/// <summary>
/// One version of one key, without its value: the value is in the log, found by <see cref="Id"/>. Versions of a key form a chain
/// from the newest to the oldest that has not been compacted away.
/// </summary>
internal sealed class KeyVersion(string key, long id, long createRevision, long version, DateTimeOffset? expires)
{
    /// <summary>Bits of an id that number the operation within its transaction.</summary>
    public const int IndexBits = 10;

    public string Key { get; } = key;

    /// <summary>Revision and operation in one number, so that ids sort as things happened.</summary>
    public long Id { get; } = id;

    public long ModRevision => Id >> IndexBits;

    public long CreateRevision { get; } = createRevision;

    /// <summary>Writes since the key was created; 0 for a deletion.</summary>
    public long Version { get; } = version;

    public bool IsDeletion => Version == 0;

    public DateTimeOffset? Expires { get; } = expires;

    public KeyVersion? Previous { get; set; }

    public static long IdOf(long revision, int index) => (revision << IndexBits) | (long)index;

    public KeyValue WithValue(ReadOnlyMemory<byte> value) => new(Key, value, CreateRevision, ModRevision, Version);
}
