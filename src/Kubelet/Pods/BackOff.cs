namespace MiniKube.Kubelet.Pods;

/// <summary>Doubling delays by key: 10 s to 300 s, forgotten after twice the longest without a failure. Upstream's numbers.</summary>
internal sealed class BackOff(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (TimeSpan Delay, DateTimeOffset LastUpdate)> _entries = [];

    /// <summary>How long to wait still, counted from the failure; zero is not at all.</summary>
    public TimeSpan Remaining(string key, DateTimeOffset failedAt)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry) || failedAt - entry.LastUpdate > Longest * 2)
            {
                return TimeSpan.Zero;
            }

            var left = failedAt + entry.Delay - clock.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The current delay of a key.</summary>
    public TimeSpan Delay(string key)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(key, out var entry) ? entry.Delay : TimeSpan.Zero;
        }
    }

    /// <summary>Another failure: the next wait is twice as long.</summary>
    public void Next(string key, DateTimeOffset failedAt)
    {
        lock (_lock)
        {
            var delay = _entries.TryGetValue(key, out var entry) && failedAt - entry.LastUpdate <= Longest * 2 ? entry.Delay * 2 : First;
            _entries[key] = (delay < Longest ? delay : Longest, clock.GetUtcNow());
        }
    }

    public void Forget(string prefix)
    {
        lock (_lock)
        {
            foreach (var key in _entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToList())
            {
                _entries.Remove(key);
            }
        }
    }
}
