namespace MiniKube.Client.WorkQueues;

/// <summary>
/// How long a key that failed waits: 5 ms doubling to 1000 s for the key itself, and never more than ten keys a second (after a burst of a hundred) over all. The numbers are client-go's.
/// </summary>
internal sealed class RateLimiter<T>(TimeProvider clock)
    where T : notnull
{
    private const double KeysPerSecond = 10;
    private const double Burst = 100;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1000);

    private readonly Lock _lock = new();
    private readonly Dictionary<T, int> _failures = [];
    private double _tokens = Burst;
    private long _filled = clock.GetTimestamp();

    /// <summary>Counts a failure of the key.</summary>
    public TimeSpan When(T key)
    {
        lock (_lock)
        {
            var failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            var own = Math.Min(First.TotalSeconds * Math.Pow(2, failures), Longest.TotalSeconds);
            return TimeSpan.FromSeconds(Math.Max(own, ReserveLocked()));
        }
    }

    public void Forget(T key)
    {
        lock (_lock)
        {
            _failures.Remove(key);
        }
    }

    public int Failures(T key)
    {
        lock (_lock)
        {
            return _failures.GetValueOrDefault(key);
        }
    }

    // The bucket may go below zero: who comes later waits for what those before have reserved.
    private double ReserveLocked()
    {
        var now = clock.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + (clock.GetElapsedTime(_filled, now).TotalSeconds * KeysPerSecond));
        _filled = now;
        _tokens--;
        return _tokens >= 0 ? 0 : -_tokens / KeysPerSecond;
    }
}
