namespace MiniKube.Storage.Embedded;

/// <summary>
/// Transactions that become durable together. Each is judged on top of those before it, and sees nothing that is not in the
/// store or the batch.
/// </summary>
internal sealed class CommitBatch(KeyIndex index, IVersionLog log, DateTimeOffset now)
{
    private readonly Dictionary<string, LogEntry> _written = new(StringComparer.Ordinal);
    private readonly List<LogEntry> _entries = [];

    public IReadOnlyList<LogEntry> Entries => _entries;

    public long Revision { get; private set; } = index.Revision;

    /// <summary>Versions that compaction made unreachable, to be removed from the log.</summary>
    public IReadOnlyList<long> Removals { get; set; } = [];

    /// <summary>The compaction to note with <see cref="Removals"/>; 0 is none.</summary>
    public long CompactRevision { get; set; }

    /// <summary>Gives free space of the file back, some pages at a time.</summary>
    public bool Vacuum { get; set; }

    public bool IsEmpty => _entries.Count == 0 && Removals.Count == 0 && CompactRevision == 0 && !Vacuum;

    /// <summary>Whether the batch needs space; deletes and compaction go on when the quota is used up.</summary>
    public bool HasPuts => _entries.Exists(entry => !entry.Version.IsDeletion);

    public TransactionResult Apply(Transaction transaction)
    {
        for (var i = 0; i < transaction.Compares.Count; i++)
        {
            var (key, modRevision) = transaction.Compares[i];
            var current = Live(key);
            if ((current?.ModRevision ?? 0) != modRevision)
            {
                return new TransactionResult(false, Revision, current is null ? null : Read(current), i);
            }
        }

        Change(transaction.Operations);
        return Succeed();
    }

    public TransactionResult Succeed() => new(true, Revision, null);

    /// <summary>Deletes those of the keys whose time is over, in one revision.</summary>
    public TransactionResult Expire(IReadOnlyList<string> keys)
    {
        Change([.. keys.Where(key => Live(key)?.Expires <= now).Select(Operation.Delete)]);
        return Succeed();
    }

    private void Change(IReadOnlyList<Operation> operations)
    {
        var revision = Revision + 1;
        var changes = 0;
        foreach (var (key, value, timeToLive) in operations)
        {
            var current = Live(key);
            if (value is null && current is null)
            {
                continue;
            }

            var id = KeyVersion.IdOf(revision, changes++);
            var version = value is null
                ? new KeyVersion(key, id, 0, 0, null)
                : new KeyVersion(key, id, current?.CreateRevision ?? revision, (current?.Version ?? 0) + 1, now + timeToLive);
            var entry = new LogEntry(version, value ?? default);
            _written[key] = entry;
            _entries.Add(entry);
        }

        if (changes > 0)
        {
            Revision = revision;
        }
    }

    private KeyVersion? Live(string key)
    {
        var version = _written.TryGetValue(key, out var entry) ? entry.Version : index.Newest(key);
        return version is { IsDeletion: false } ? version : null;
    }

    private KeyValue Read(KeyVersion version) =>
        _written.TryGetValue(version.Key, out var entry)
            ? version.WithValue(entry.Value)
            : log.TryRead([version])?[0]
                ?? throw new StorageException(StorageErrorKind.Failed, $"the value of {version.Key} at revision {version.ModRevision} is missing");
}
