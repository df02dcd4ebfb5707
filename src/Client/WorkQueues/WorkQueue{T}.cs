using System.Threading.Channels;

namespace MiniKube.Client.WorkQueues;

/// <summary>
/// Keys that need work, each at most once. A key that is added while it is being worked on waits until that is done: no key is ever worked on twice at once, and none is forgotten.
/// </summary>
public sealed class WorkQueue<T> : IDisposable
    where T : notnull
{
    private readonly Lock _lock = new();
    private readonly HashSet<T> _waiting = [];
    private readonly Dictionary<T, long> _processing = [];
    // Unbounded, but each key is in it once.
    private readonly Channel<T> _ready = Channel.CreateUnbounded<T>();
    private readonly RateLimiter<T> _limiter;
    private readonly DelayedKeys<T> _delayed;
    private readonly WorkQueueMetrics? _metrics;
    private readonly TimeProvider _clock;

    public WorkQueue(TimeProvider clock, WorkQueueMetrics? metrics = null)
    {
        _clock = clock;
        _metrics = metrics;
        _limiter = new RateLimiter<T>(clock);
        _delayed = new DelayedKeys<T>(clock, Add);
    }

    /// <summary>How many keys are ready to be worked on.</summary>
    public int Count => _ready.Reader.Count;

    public void Add(T key)
    {
        lock (_lock)
        {
            if (!_waiting.Add(key))
            {
                return;
            }

            _metrics?.Adds.Inc();
            if (!_processing.ContainsKey(key))
            {
                MakeReadyLocked(key);
            }
        }
    }

    /// <summary>Adds the key after a time. Of several times the earliest counts.</summary>
    public void AddAfter(T key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        _delayed.Add(key, delay);
    }

    /// <summary>Adds a key that failed, after a time that grows with each failure until <see cref="Forget"/>.</summary>
    public void AddRateLimited(T key)
    {
        _metrics?.Retries.Inc();
        _delayed.Add(key, _limiter.When(key));
    }

    public void Forget(T key) => _limiter.Forget(key);

    /// <summary>How often the key has failed since it was last forgotten.</summary>
    public int Failures(T key) => _limiter.Failures(key);

    /// <summary>Waits for a key. Whoever gets it calls <see cref="Done"/> for it.</summary>
    public async ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        var key = await _ready.Reader.ReadAsync(cancellationToken);
        lock (_lock)
        {
            _waiting.Remove(key);
            _processing[key] = _clock.GetTimestamp();
            _metrics?.Depth.Dec();
        }

        return key;
    }

    public void Done(T key)
    {
        lock (_lock)
        {
            if (_processing.Remove(key, out var started))
            {
                _metrics?.WorkDuration.Observe(_clock.GetElapsedTime(started).TotalSeconds);
            }

            if (_waiting.Contains(key))
            {
                MakeReadyLocked(key);
            }
        }
    }

    public void Dispose() => _delayed.Dispose();

    private void MakeReadyLocked(T key)
    {
        _metrics?.Depth.Inc();
        _ready.Writer.TryWrite(key);
    }
}
