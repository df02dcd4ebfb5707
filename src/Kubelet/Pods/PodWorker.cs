using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>
/// Takes one pod through its life, a step at a time, always with the newest spec. A deletion cancels a step that would go on starting things;
/// a shorter grace period cancels one that waits too long.
/// </summary>
internal sealed partial class PodWorker(V1Pod first, IPodSyncer syncer, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly WakeUp _wake = new(clock);
    private V1Pod _pod = first;
    private PodWorkerState _state = PodWorkerState.Syncing;
    private TimeSpan? _grace;
    private bool _removed;
    private CancellationTokenSource? _step;

    /// <summary>Takes over a newer version of the pod.</summary>
    public void Update(V1Pod pod)
    {
        lock (_lock)
        {
            _pod = pod;
            if (pod.IsDeleted())
            {
                Terminate(pod.TerminationGracePeriod());
            }
        }

        Wake();
    }

    /// <summary>The pod is gone from its source: end it, whatever it was doing.</summary>
    public void Remove(TimeSpan? grace = null)
    {
        lock (_lock)
        {
            _removed = true;
            Terminate(grace ?? _pod.TerminationGracePeriod());
        }

        Wake();
    }

    /// <summary>Look again: something of the pod changed.</summary>
    public void Wake() => _wake.Signal();

    /// <summary>Returns when the pod has been deleted and nothing of it is left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_pod.IsDeleted())
        {
            Update(_pod);
        }

        var failures = 0;
        var wait = TimeSpan.Zero;
        while (true)
        {
            if (wait != TimeSpan.Zero)
            {
                await _wake.WaitAsync(wait, cancellationToken);
            }

            using var step = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                var result = await StepAsync(step);
                if (result.Finished)
                {
                    return;
                }

                failures = 0;
                wait = result.RequeueAfter ?? Timeout.InfiniteTimeSpan;
            }
            catch (OperationCanceledException) when (step.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                wait = TimeSpan.Zero;
            }
            catch (Exception exception)
            {
                // One broken pod must not stop its worker; the next round tries again.
                Log.SyncFailed(logger, exception, _pod.Namespace(), _pod.Name(), _state);
                wait = Delay(failures++);
            }
            finally
            {
                lock (_lock)
                {
                    _step = null;
                }
            }
        }
    }

    private static TimeSpan Delay(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestRetry.TotalMilliseconds, FirstRetry.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 10))));

    /// <summary>Only forward, and the grace period only gets shorter.</summary>
    private void Terminate(TimeSpan grace)
    {
        if (_state == PodWorkerState.Terminated || (_grace is { } known && known <= grace))
        {
            return;
        }

        _grace = grace;
        _state = PodWorkerState.Terminating;
        _step?.Cancel();
    }

    private async Task<SyncResult> StepAsync(CancellationTokenSource step)
    {
        V1Pod pod;
        PodWorkerState state;
        bool removed;
        TimeSpan grace;
        lock (_lock)
        {
            (pod, state, removed, grace) = (_pod, _state, _removed, _grace ?? _pod.TerminationGracePeriod());
            _step = step;
        }

        switch (state)
        {
            case PodWorkerState.Syncing:
                var result = await syncer.SyncAsync(pod, step.Token);
                if (!result.Finished)
                {
                    return result;
                }

                Advance(PodWorkerState.Syncing, PodWorkerState.Terminating);
                return new SyncResult(RequeueAfter: TimeSpan.Zero);
            case PodWorkerState.Terminating:
                await syncer.TerminateAsync(pod, grace, step.Token);
                Advance(PodWorkerState.Terminating, PodWorkerState.Terminated);
                return new SyncResult(RequeueAfter: TimeSpan.Zero);
            default:
                await syncer.CleanUpAsync(pod, removed || pod.IsDeleted(), step.Token);
                return new SyncResult(Finished: removed || pod.IsDeleted());
        }
    }

    private void Advance(PodWorkerState from, PodWorkerState to)
    {
        lock (_lock)
        {
            if (_state == from)
            {
                _state = to;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Failed to sync pod {Namespace}/{Name} ({State})")]
        public static partial void SyncFailed(ILogger logger, Exception exception, string @namespace, string name, PodWorkerState state);
    }
}
