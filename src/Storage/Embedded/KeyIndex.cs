namespace MiniKube.Storage.Embedded;

/// <summary>
/// The keys in order, each with its versions: everything but the values. One thread changes it and may read it without the lock;
/// others read under the lock, and only what has become durable.
/// </summary>
internal sealed class KeyIndex
{
    // etcd's first revision, of the empty store: a list of an empty store can be watched from 2.
    private const long FirstRevision = 1;

    private readonly Lock _gate = new();
    private readonly SortedSet<KeyEntry> _entries = new(new EntryOrder());
    private readonly KeyEntry _probe = new("");
    private long _revision = FirstRevision;
    private long _compactRevision;

    public long Revision => Volatile.Read(ref _revision);

    public long CompactRevision => Volatile.Read(ref _compactRevision);

    public void Load(LogContent content)
    {
        lock (_gate)
        {
            _compactRevision = content.CompactRevision;
            _revision = Math.Max(FirstRevision, content.CompactRevision);
            foreach (var version in content.Versions)
            {
                Add(version);
                _revision = Math.Max(_revision, version.ModRevision);
            }
        }
    }

    /// <summary>Makes versions visible to readers. Only for the writing thread.</summary>
    public void Publish(IReadOnlyList<LogEntry> entries, long revision)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                Add(entry.Version);
            }

            Volatile.Write(ref _revision, revision);
        }
    }

    /// <summary>The versions that are in force and end some time.</summary>
    public IReadOnlyList<KeyVersion> Expiring()
    {
        lock (_gate)
        {
            return [.. _entries.Select(entry => entry.Newest).OfType<KeyVersion>().Where(version => version.Expires is not null)];
        }
    }

    /// <summary>The newest version of a key, a deletion too. Only for the writing thread.</summary>
    public KeyVersion? Newest(string key)
    {
        _probe.Key = key;
        return _entries.TryGetValue(_probe, out var entry) ? entry.Newest : null;
    }

    public IndexSnapshot Range(RangeQuery query)
    {
        lock (_gate)
        {
            var revision = query.Revision == 0 ? _revision : query.Revision;
            if (revision > _revision)
            {
                throw new StorageException(StorageErrorKind.FutureRevision, $"revision {revision} has not happened yet, the newest is {_revision}");
            }

            if (revision < _compactRevision)
            {
                throw Compacted(revision, _compactRevision);
            }

            var versions = new List<KeyVersion>();
            var count = 0L;
            foreach (var entry in From(query.Range))
            {
                if (VersionAt(entry, revision) is { } version)
                {
                    count++;
                    if (query.CountOnly)
                    {
                        continue;
                    }

                    versions.Add(version);
                    if (versions.Count == query.Limit)
                    {
                        break;
                    }
                }
            }

            return new IndexSnapshot(revision, count, versions);
        }
    }

    /// <summary>
    /// From now on nothing before the revision can be read. Returns the ids that no reader can reach any more. Only for the writing thread.
    /// </summary>
    public List<long> Compact(long revision)
    {
        lock (_gate)
        {
            if (revision <= _compactRevision || revision > _revision)
            {
                throw revision > _revision
                    ? new StorageException(StorageErrorKind.FutureRevision, $"revision {revision} has not happened yet, the newest is {_revision}")
                    : Compacted(revision, _compactRevision);
            }

            Volatile.Write(ref _compactRevision, revision);
            return RemoveGarbage();
        }
    }

    /// <summary>Unlinks what was overwritten or deleted up to the compaction's revision.</summary>
    public List<long> RemoveGarbage()
    {
        var garbage = new List<long>();
        lock (_gate)
        {
            _entries.RemoveWhere(entry => entry.Newest is not null && !entry.Compact(_compactRevision, garbage));
        }

        return garbage;
    }

    public static StorageException Compacted(long revision, long compactRevision) =>
        new(StorageErrorKind.Compacted, $"revision {revision} has been compacted, the oldest is {compactRevision}");

    private static KeyVersion? VersionAt(KeyEntry entry, long revision)
    {
        var version = entry.Newest;
        while (version is not null && version.ModRevision > revision)
        {
            version = version.Previous;
        }

        return version is { IsDeletion: false } ? version : null;
    }

    private void Add(KeyVersion version)
    {
        _probe.Key = version.Key;
        if (!_entries.TryGetValue(_probe, out var entry))
        {
            entry = new KeyEntry(version.Key);
            _entries.Add(entry);
        }

        version.Previous = entry.Newest;
        entry.Newest = version;
    }

    private IEnumerable<KeyEntry> From(KeyRange range)
    {
        var start = new KeyEntry(range.Start);
        if (range.IsSingle)
        {
            return _entries.TryGetValue(start, out var entry) ? [entry] : [];
        }

        if (_entries.Max is not { } last || KeyOrder.Instance.Compare(range.Start, last.Key) > 0)
        {
            return [];
        }

        return _entries.GetViewBetween(start, last).TakeWhile(entry => range.IsBeforeEnd(entry.Key));
    }

    private sealed class EntryOrder : IComparer<KeyEntry>
    {
        public int Compare(KeyEntry? x, KeyEntry? y) => KeyOrder.Instance.Compare(x?.Key, y?.Key);
    }
}
