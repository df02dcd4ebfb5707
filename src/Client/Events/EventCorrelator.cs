using k8s.Models;

namespace MiniKube.Client.Events;

/// <summary>
/// What becomes of an event, as client-go decides it: nothing (too many about one object), a count on the event before (the same again), one event for many that differ only in their message, or a new event.
/// </summary>
internal sealed class EventCorrelator(TimeProvider clock)
{
    /// <summary>client-go's numbers: objects remembered, differing messages before they are told as one, and the time in which they count.</summary>
    internal const int CacheSize = 4096;

    private const int MaxDifferentMessages = 10;

    private const string CombinedPrefix = "(combined from similar events): ";

    private static readonly TimeSpan Together = TimeSpan.FromMinutes(10);

    private readonly EventSpamFilter _filter = new(clock);
    private readonly LruCache<string, Similar> _similar = new(CacheSize);
    private readonly LruCache<string, Corev1Event> _told = new(CacheSize);

    /// <returns>The event to write, a count above 1 meaning that it is stored under that name already; null when it is to be dropped.</returns>
    public CorrelatedEvent? Correlate(Corev1Event @event)
    {
        if (!_filter.Allows(@event))
        {
            return null;
        }

        var (key, aggregated) = Aggregate(@event);
        if (!_told.TryGet(key, out var earlier))
        {
            _told.Set(key, aggregated);
            return new CorrelatedEvent(key, aggregated, IsRepeated: false);
        }

        var counted = aggregated with
        {
            Metadata = earlier.Metadata,
            FirstTimestamp = earlier.FirstTimestamp,
            Count = (earlier.Count ?? 1) + 1,
        };
        _told.Set(key, counted);
        return new CorrelatedEvent(key, counted, IsRepeated: true);
    }

    /// <summary>What the server made of it, for the next time.</summary>
    public void Stored(string key, Corev1Event @event) => _told.Set(key, @event);

    private (string Key, Corev1Event Event) Aggregate(Corev1Event @event)
    {
        var key = EventKeys.Aggregate(@event);
        if (!_similar.TryGet(key, out var similar) || clock.GetElapsedTime(similar.Last) > Together)
        {
            similar = new Similar([], 0);
        }

        similar = similar with { Last = clock.GetTimestamp() };
        similar.Messages.Add(@event.Message);
        _similar.Set(key, similar);
        if (similar.Messages.Count < MaxDifferentMessages)
        {
            return (EventKeys.Same(@event), @event);
        }

        similar.Messages.Remove(similar.Messages.First());
        return (key, @event with { Message = CombinedPrefix + @event.Message });
    }

    private sealed record Similar(HashSet<string> Messages, long Last);
}
