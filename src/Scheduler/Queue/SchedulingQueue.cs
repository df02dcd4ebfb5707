using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Queue;

/// <summary>
/// The pods that wait for a node: active (by priority, then by age), in back-off (1 s doubling to 10 s), unschedulable (until an event that
/// one of the refusing plugins finds helpful, or 5 minutes), gated. Safe to use from many threads; one reader.
/// </summary>
internal sealed class SchedulingQueue(Profile profile, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan InitialBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(10);

    // Should a hint be missing, a pod is tried again all the same.
    private static readonly TimeSpan MaxUnschedulable = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FlushPeriod = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, QueuedPod> _pods = new(StringComparer.Ordinal);
    private readonly SortedSet<QueuedPod> _active = new(Comparer<QueuedPod>.Create(ByPriority));
    private readonly SortedSet<QueuedPod> _backoff = new(Comparer<QueuedPod>.Create(ByBackoff));
    private readonly SortedSet<QueuedPod> _errorBackoff = new(Comparer<QueuedPod>.Create(ByBackoff));
    private readonly HashSet<QueuedPod> _unschedulable = [];
    private readonly InFlightEvents _events = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Dictionary<string, IFilterPlugin> _plugins = profile.Filters.ToDictionary(plugin => plugin.Name, StringComparer.Ordinal);
    private long _sequence;

    /// <summary>A pod that has no node yet, new or changed.</summary>
    public void Set(PodInfo pod)
    {
        lock (_lock)
        {
            if (!_pods.TryGetValue(pod.Uid, out var queued))
            {
                queued = new QueuedPod(pod, clock.GetUtcNow(), _sequence++);
                _pods[pod.Uid] = queued;
                Put(queued, IsGated(pod) ? QueuedPodPlace.Gated : QueuedPodPlace.Active);
                return;
            }

            if (queued.Place == QueuedPodPlace.InFlight)
            {
                // Its try goes on with what it saw; what it did not see counts when it returns.
                queued.ChangedInFlight |= PodChanges.MayHelp(queued.Pod.Pod, pod.Pod);
                queued.Pod = pod;
                return;
            }

            var before = queued.Pod;
            var place = Take(queued);
            queued.Pod = pod;
            Put(queued, PlaceAfterUpdate(queued, before, place));
        }
    }

    /// <summary>The pod is gone, or has a node.</summary>
    public void Remove(string uid)
    {
        lock (_lock)
        {
            if (_pods.Remove(uid, out var queued))
            {
                Take(queued);
            }
        }
    }

    /// <summary>Waits for the next pod to schedule. It is in flight until <see cref="Done"/> or <see cref="Return"/>.</summary>
    public async Task<QueuedPod> PopAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait;
            lock (_lock)
            {
                Flush();
                // The back-off keeps pods that were refused from delaying others: when there are no others, an event that may help
                // is followed at once. What failed with an error waits in any case.
                if ((_active.Min ?? _backoff.Min) is { } next)
                {
                    Take(next);
                    Put(next, QueuedPodPlace.InFlight);
                    next.Attempts++;
                    next.ChangedInFlight = false;
                    return next;
                }

                wait = _errorBackoff.Min is { } waiting ? Min(waiting.BackoffUntil - clock.GetUtcNow(), FlushPeriod) : FlushPeriod;
            }

            await WaitForChangeAsync(wait, cancellationToken);
        }
    }

    /// <summary>The pod is bound.</summary>
    public void Done(QueuedPod queued) => Remove(queued.Pod.Uid);

    /// <summary>
    /// The pod could not be scheduled: refused by these plugins, or by none of them when there was an error. False when nobody waits for it
    /// any more: it was deleted or bound meanwhile.
    /// </summary>
    public bool Return(QueuedPod queued, IReadOnlySet<string> refusedBy)
    {
        lock (_lock)
        {
            if (queued.Place != QueuedPodPlace.InFlight || !_pods.TryGetValue(queued.Pod.Uid, out var known) || known != queued)
            {
                return false;
            }

            var missed = _events.Since(queued.FirstUnseenEvent);
            Take(queued);
            queued.RefusedBy = refusedBy;
            queued.BackoffUntil = clock.GetUtcNow() + Backoff(queued.Attempts);
            var retry = refusedBy.Count == 0 || queued.ChangedInFlight || missed.Any(change => IsWorthRetrying(queued, change));
            Put(queued, IsGated(queued.Pod) ? QueuedPodPlace.Gated : retry ? QueuedPodPlace.Backoff : QueuedPodPlace.Unschedulable);
            return true;
        }
    }

    /// <summary>Moves the pods that the event may help out of the unschedulable ones.</summary>
    public void Move(ClusterEvent change)
    {
        lock (_lock)
        {
            _events.Add(change);
            foreach (var queued in _unschedulable.Where(queued => IsWorthRetrying(queued, change)).ToList())
            {
                Retry(queued);
            }
        }
    }

    /// <summary>How many pods stand there, for metrics.</summary>
    public int Count(QueuedPodPlace place)
    {
        lock (_lock)
        {
            return place switch
            {
                QueuedPodPlace.Active => _active.Count,
                QueuedPodPlace.Backoff => _backoff.Count + _errorBackoff.Count,
                QueuedPodPlace.Unschedulable => _unschedulable.Count,
                _ => _pods.Values.Count(queued => queued.Place == place),
            };
        }
    }

    public void Dispose() => _changed.Dispose();

    private static bool IsGated(PodInfo pod) => pod.Pod.Spec?.SchedulingGates is { Count: > 0 };

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Backoff(int attempts) =>
        attempts >= 5 ? MaxBackoff : Min(InitialBackoff * (1 << Math.Max(0, attempts - 1)), MaxBackoff);

    private static int ByPriority(QueuedPod a, QueuedPod b) => Compare(b.Pod.Priority.CompareTo(a.Pod.Priority), a.Since.CompareTo(b.Since), a, b);

    private static int ByBackoff(QueuedPod a, QueuedPod b) => Compare(a.BackoffUntil.CompareTo(b.BackoffUntil), 0, a, b);

    private static int Compare(int first, int second, QueuedPod a, QueuedPod b) =>
        first != 0 ? first : second != 0 ? second : a.Sequence.CompareTo(b.Sequence);

    private QueuedPodPlace PlaceAfterUpdate(QueuedPod queued, PodInfo before, QueuedPodPlace place) => place switch
    {
        _ when IsGated(queued.Pod) => QueuedPodPlace.Gated,
        QueuedPodPlace.Gated => QueuedPodPlace.Active,
        QueuedPodPlace.Unschedulable when PodChanges.MayHelp(before.Pod, queued.Pod.Pod) => PlaceForRetry(queued),
        _ => place,
    };

    private QueuedPodPlace PlaceForRetry(QueuedPod queued) =>
        queued.BackoffUntil <= clock.GetUtcNow() ? QueuedPodPlace.Active : QueuedPodPlace.Backoff;

    private bool IsWorthRetrying(QueuedPod queued, ClusterEvent change) =>
        queued.RefusedBy.Any(name => !_plugins.TryGetValue(name, out var plugin) || plugin.QueueingHint(queued.Pod, change));

    private void Retry(QueuedPod queued)
    {
        Take(queued);
        Put(queued, PlaceForRetry(queued));
    }

    // What has waited long enough becomes active.
    private void Flush()
    {
        var now = clock.GetUtcNow();
        foreach (var backoff in (SortedSet<QueuedPod>[])[_backoff, _errorBackoff])
        {
            while (backoff.Min is { } waiting && waiting.BackoffUntil <= now)
            {
                Take(waiting);
                Put(waiting, QueuedPodPlace.Active);
            }
        }

        foreach (var queued in _unschedulable.Where(queued => now - queued.Since > MaxUnschedulable).ToList())
        {
            Retry(queued);
        }
    }

    private QueuedPodPlace Take(QueuedPod queued)
    {
        _active.Remove(queued);
        _backoff.Remove(queued);
        _errorBackoff.Remove(queued);
        _unschedulable.Remove(queued);
        if (queued.Place == QueuedPodPlace.InFlight)
        {
            _events.Leave(queued.FirstUnseenEvent);
        }

        return queued.Place;
    }

    private void Put(QueuedPod queued, QueuedPodPlace place)
    {
        queued.Since = queued.Place == place ? queued.Since : clock.GetUtcNow();
        queued.Place = place;
        switch (place)
        {
            case QueuedPodPlace.Active:
                _active.Add(queued);
                break;
            case QueuedPodPlace.Backoff:
                (queued.RefusedBy.Count > 0 ? _backoff : _errorBackoff).Add(queued);
                break;
            case QueuedPodPlace.Unschedulable:
                _unschedulable.Add(queued);
                break;
            case QueuedPodPlace.InFlight:
                queued.FirstUnseenEvent = _events.Enter();
                return;
            default:
                return;
        }

        if (place != QueuedPodPlace.Unschedulable && _changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }

    private async Task WaitForChangeAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var wakeUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var elapsed = Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, wakeUp.Token);
        await Task.WhenAny(_changed.WaitAsync(wakeUp.Token), elapsed);
        await wakeUp.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
