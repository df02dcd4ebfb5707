namespace MiniKube.Client.WorkQueues;

/// <summary>Keys that wait for their time, on one timer.</summary>
internal sealed class DelayedKeys<T> : IDisposable
    where T : notnull
{
    // A timer takes 49 days at most, and a CronJob may be due in a year: it wakes in between, and is set again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly Action<T> _due;
    private readonly ITimer _timer;
    // May hold a key more than once; _when says which of its times counts.
    private readonly PriorityQueue<T, TimeSpan> _queue = new();
    private readonly Dictionary<T, TimeSpan> _when = [];
    private readonly long _start;
    private bool _disposed;

    public DelayedKeys(TimeProvider clock, Action<T> due)
    {
        _clock = clock;
        _due = due;
        _start = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(T key, TimeSpan delay)
    {
        lock (_lock)
        {
            var when = Now() + delay;
            if (_disposed || (_when.TryGetValue(key, out var earlier) && earlier <= when))
            {
                return;
            }

            _when[key] = when;
            _queue.Enqueue(key, when);
            ArmLocked();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }

    private void Release()
    {
        List<T> due = [];
        lock (_lock)
        {
            while (!_disposed && _queue.TryPeek(out var key, out var when) && when <= Now())
            {
                _queue.Dequeue();
                if (_when.TryGetValue(key, out var counts) && counts == when)
                {
                    _when.Remove(key);
                    due.Add(key);
                }
            }

            ArmLocked();
        }

        due.ForEach(_due);
    }

    private void ArmLocked()
    {
        if (!_disposed && _queue.TryPeek(out _, out var when))
        {
            // Timers count whole milliseconds, and one that fires early would only be set again.
            var delay = TimeSpan.FromMilliseconds(Math.Ceiling((when - Now()).TotalMilliseconds));
            _timer.Change(delay > LongestWait ? LongestWait : delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan Now() => _clock.GetElapsedTime(_start);
}
