namespace MiniKube.Proxy;

/// <summary>Healthy as long as no change waits for longer than two periods. Safe to use from many threads.</summary>
internal sealed class ProxyHealth(ProxyOptions options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _waitingSince;
    private DateTimeOffset _updated;

    /// <summary>When the rules were last brought up to date.</summary>
    public DateTimeOffset LastUpdated
    {
        get
        {
            lock (_lock)
            {
                return IsUpToDate() ? clock.GetUtcNow() : _updated;
            }
        }
    }

    /// <summary>Whether the rules are up to date, or were not long ago. Before the first sync they are not.</summary>
    public bool IsHealthy
    {
        get
        {
            lock (_lock)
            {
                return _updated != default && (IsUpToDate() || clock.GetUtcNow() - _waitingSince < 2 * options.SyncPeriod);
            }
        }
    }

    /// <summary>A change is to be applied.</summary>
    public void Queued()
    {
        lock (_lock)
        {
            _waitingSince ??= clock.GetUtcNow();
        }
    }

    /// <summary>All changes that had come by then are applied.</summary>
    public void Updated(DateTimeOffset started)
    {
        lock (_lock)
        {
            _updated = started;
            _waitingSince = _waitingSince > started ? _waitingSince : null;
        }
    }

    private bool IsUpToDate() => _updated != default && _waitingSince is null;
}
