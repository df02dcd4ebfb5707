namespace MiniKube.Storage.Embedded;

/// <summary>
/// When to look at which keys, and an alarm for the first of them. Hints only: a key may have been renewed or deleted since it was
/// queued. Used by the writing thread alone.
/// </summary>
internal sealed class ExpiryQueue : IAsyncDisposable
{
    // Timers take no more than 49 days; a far one only looks again.
    private static readonly TimeSpan LongestAlarm = TimeSpan.FromDays(1);

    private readonly PriorityQueue<string, DateTimeOffset> _queue = new();
    private readonly Dictionary<string, DateTimeOffset> _queued = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ITimer _alarm;
    private DateTimeOffset? _alarmAt;

    public ExpiryQueue(TimeProvider time, Action onDue)
    {
        _time = time;
        _alarm = time.CreateTimer(_ => onDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsDue => _queue.TryPeek(out _, out var due) && due <= _time.GetUtcNow();

    /// <summary>Queues a key once: of several times the earliest counts, and the key is queued again when that has come.</summary>
    public void Add(string key, DateTimeOffset due)
    {
        if (!_queued.TryGetValue(key, out var queued) || due < queued)
        {
            _queued[key] = due;
            _queue.Enqueue(key, due);
        }
    }

    /// <summary>Takes keys whose time has come, a bounded number.</summary>
    public IReadOnlyList<string> Take(int limit)
    {
        var now = _time.GetUtcNow();
        var keys = new List<string>();
        while (keys.Count < limit && _queue.TryPeek(out var key, out var due) && due <= now)
        {
            _queue.Dequeue();
            if (_queued.TryGetValue(key, out var queued) && queued == due)
            {
                _queued.Remove(key);
                keys.Add(key);
            }
        }

        return keys;
    }

    /// <summary>Sets the alarm for the first key.</summary>
    public void SetAlarm()
    {
        if (!_queue.TryPeek(out _, out var due) || due == _alarmAt)
        {
            return;
        }

        var wait = due - _time.GetUtcNow();
        _alarmAt = wait > LongestAlarm ? null : due;
        _alarm.Change(wait > LongestAlarm ? LongestAlarm : wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync() => _alarm.DisposeAsync();
}
