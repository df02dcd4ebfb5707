namespace MiniKube.Storage.Embedded;

/// <summary>
/// The newest revisions with their events in memory, so that watchers that keep up never read the log. Bounded in revisions and bytes:
/// what every watcher has read is dropped at once, and a watcher that falls behind goes on from the log.
/// </summary>
internal sealed class RecentChanges
{
    private const int Capacity = 4096;
    private const long MaxBytes = 8 << 20;

    private readonly Lock _gate = new();
    private readonly HashSet<WatchCursor> _cursors = [];
    private readonly KeyEvent[]?[] _events = new KeyEvent[]?[Capacity];
    private readonly long[] _bytes = new long[Capacity];
    private TaskCompletionSource? _changed;
    private Exception? _closed;
    private long _first;
    private long _last;
    private long _totalBytes;

    public void Start(long revision) => (_first, _last) = (revision + 1, revision);

    public void Publish(IReadOnlyList<LogEntry> entries)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            for (var i = 0; i < entries.Count;)
            {
                var end = i + 1;
                while (end < entries.Count && entries[end].Version.ModRevision == entries[i].Version.ModRevision)
                {
                    end++;
                }

                Add(entries, i, end);
                i = end;
            }

            DropWhatAllHaveRead();
            (changed, _changed) = (_changed, null);
        }

        changed?.TrySetResult();
    }

    public WatchCursor Open(long fromRevision)
    {
        var cursor = new WatchCursor(fromRevision);
        lock (_gate)
        {
            _cursors.Add(cursor);
        }

        return cursor;
    }

    public void Close(WatchCursor cursor)
    {
        lock (_gate)
        {
            _cursors.Remove(cursor);
        }
    }

    /// <summary>Ends every watch.</summary>
    public void Close(Exception reason)
    {
        lock (_gate)
        {
            _closed = reason;
            _changed?.TrySetException(reason);
        }
    }

    /// <summary>
    /// Reads on from the cursor. Returns null when memory does not reach back that far; the log then does, up to <paramref name="last"/>.
    /// </summary>
    public IReadOnlyList<KeyEvent>? TryRead(WatchCursor cursor, KeyRange range, out long last)
    {
        lock (_gate)
        {
            last = _last;
            if (cursor.Next < _first)
            {
                return null;
            }

            var events = new List<KeyEvent>();
            for (var revision = cursor.Next; revision <= _last; revision++)
            {
                foreach (var change in _events[revision % Capacity] ?? [])
                {
                    if (range.Contains(change.KeyValue.Key))
                    {
                        events.Add(change);
                    }
                }
            }

            return events;
        }
    }

    /// <summary>Waits until there is a change at or after the cursor.</summary>
    public Task WaitAsync(WatchCursor cursor, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_closed is not null)
            {
                return Task.FromException(_closed);
            }

            if (cursor.Next <= _last)
            {
                return Task.CompletedTask;
            }

            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task.WaitAsync(cancellationToken);
        }
    }

    private void Add(IReadOnlyList<LogEntry> entries, int start, int end)
    {
        var events = new KeyEvent[end - start];
        var bytes = 0L;
        for (var i = start; i < end; i++)
        {
            events[i - start] = entries[i].ToEvent();
            bytes += entries[i].Value.Length;
        }

        _last++;
        _events[_last % Capacity] = events;
        _bytes[_last % Capacity] = bytes;
        _totalBytes += bytes;
        while (_last - _first >= Capacity - 1 || _totalBytes > MaxBytes)
        {
            DropFirst();
        }
    }

    private void DropWhatAllHaveRead()
    {
        var read = _last + 1;
        foreach (var cursor in _cursors)
        {
            read = Math.Min(read, cursor.Next);
        }

        while (_first < read)
        {
            DropFirst();
        }
    }

    private void DropFirst()
    {
        _totalBytes -= _bytes[_first % Capacity];
        _events[_first % Capacity] = null;
        _first++;
    }
}
