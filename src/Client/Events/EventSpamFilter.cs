using k8s.Models;

namespace MiniKube.Client.Events;

/// <summary>Lets 25 events about one object through at once, then one every five minutes (client-go's numbers), so that one broken pod cannot flood the store.</summary>
internal sealed class EventSpamFilter(TimeProvider clock)
{
    private const double Burst = 25;
    private const double PerSecond = 1.0 / 300;

    private readonly LruCache<string, (double Tokens, long At)> _buckets = new(EventCorrelator.CacheSize);

    public bool Allows(Corev1Event @event)
    {
        var key = EventKeys.Spam(@event);
        var now = clock.GetTimestamp();
        var tokens = _buckets.TryGet(key, out var bucket)
            ? Math.Min(Burst, bucket.Tokens + (clock.GetElapsedTime(bucket.At, now).TotalSeconds * PerSecond))
            : Burst;
        var allowed = tokens >= 1;
        _buckets.Set(key, (allowed ? tokens - 1 : tokens, now));
        return allowed;
    }
}
