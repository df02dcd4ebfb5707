using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Queue;

/// <summary>
/// Events that came while pods were being scheduled: a pod that is refused must learn of what its try did not see. Kept as long as a pod
/// that may ask is in flight. Not safe for many threads: the queue's lock guards it.
/// </summary>
internal sealed class InFlightEvents
{
    private readonly Queue<ClusterEvent> _events = new();
    private readonly SortedDictionary<long, int> _inFlight = [];
    private long _first;

    private long Next => _first + _events.Count;

    /// <summary>A pod is in flight from now on. Returns the number of the next event.</summary>
    public long Enter()
    {
        _inFlight[Next] = _inFlight.GetValueOrDefault(Next) + 1;
        return Next;
    }

    public void Leave(long entered)
    {
        if (--_inFlight[entered] == 0)
        {
            _inFlight.Remove(entered);
        }

        var needed = _inFlight.Count == 0 ? Next : _inFlight.Keys.First();
        for (; _first < needed; _first++)
        {
            _events.Dequeue();
        }
    }

    public void Add(ClusterEvent change)
    {
        if (_inFlight.Count > 0)
        {
            _events.Enqueue(change);
        }
        else
        {
            _first++;
        }
    }

    public IReadOnlyList<ClusterEvent> Since(long number) => [.. _events.Skip((int)(number - _first))];
}
