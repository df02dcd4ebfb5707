namespace MiniKube.Storage.Embedded;

/// <summary>A log that is gone with the process.</summary>
internal sealed class MemoryLog : IVersionLog
{
    private const int PageEvents = 1000;

    private readonly Lock _gate = new();
    private readonly List<LogEntry> _entries = [];

    public bool HasSpareSpace => false;

    public LogContent Load() => new([], 0);

    public void Append(CommitBatch batch)
    {
        lock (_gate)
        {
            _entries.AddRange(batch.Entries);
            if (batch.Removals.Count > 0)
            {
                var removals = batch.Removals.ToHashSet();
                _entries.RemoveAll(entry => removals.Contains(entry.Version.Id));
            }
        }
    }

    public IReadOnlyList<KeyValue>? TryRead(IReadOnlyList<KeyVersion> versions)
    {
        var items = new List<KeyValue>(versions.Count);
        lock (_gate)
        {
            foreach (var version in versions)
            {
                var at = FirstFrom(version.Id);
                if (at == _entries.Count || _entries[at].Version.Id != version.Id)
                {
                    return null;
                }

                items.Add(version.WithValue(_entries[at].Value));
            }
        }

        return items;
    }

    public HistoryPage ReadHistory(KeyRange range, long fromRevision, long toRevision)
    {
        var events = new List<KeyEvent>();
        lock (_gate)
        {
            for (var i = FirstFrom(KeyVersion.IdOf(fromRevision, 0)); i < _entries.Count; i++)
            {
                var entry = _entries[i];
                var isNewRevision = i == 0 || _entries[i - 1].Version.ModRevision != entry.Version.ModRevision;
                if (entry.Version.ModRevision > toRevision || (isNewRevision && events.Count >= PageEvents))
                {
                    return new HistoryPage(Math.Min(toRevision, entry.Version.ModRevision - 1), events);
                }

                if (range.Contains(entry.Version.Key))
                {
                    events.Add(entry.ToEvent());
                }
            }
        }

        return new HistoryPage(toRevision, events);
    }

    public void Tidy()
    {
        // Memory has no loose ends.
    }

    public void Dispose()
    {
        // Nothing is held outside the process.
    }

    private int FirstFrom(long id)
    {
        var (low, high) = (0, _entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _entries[middle].Version.Id < id ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
