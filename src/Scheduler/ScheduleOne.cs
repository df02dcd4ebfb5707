using MiniKube.Api.Errors;
using MiniKube.Scheduler.Cache;
using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Queue;

namespace MiniKube.Scheduler;

/// <summary>
/// The scheduling loop: one pod after another gets a node (or a reason why not) on the snapshot of the moment; what needs the API server
/// runs beside it.
/// </summary>
internal sealed class ScheduleOne(
    SchedulingQueue queue,
    SchedulerCache cache,
    Nominations nominations,
    SchedulingAlgorithm algorithm,
    IPostFilterPlugin postFilter,
    PodBinder binder,
    SchedulingFailures failures,
    Preemptor preemptor,
    SchedulerMetrics metrics)
{
    private readonly Snapshot _snapshot = new();

    /// <summary>Schedules until cancelled. What is under way then is cancelled too and awaited.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var tasks = new TaskSet();
        try
        {
            while (true)
            {
                var queued = await queue.PopAsync(cancellationToken);
                tasks.ThrowIfFailed();
                Schedule(queued, tasks, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await tasks.WaitAsync();
        }
    }

    private void Schedule(QueuedPod queued, TaskSet tasks, CancellationToken cancellationToken)
    {
        var pod = queued.Pod;
        cache.UpdateSnapshot(_snapshot);
        var result = cache.Contains(pod.Uid) ? null : Choose(pod);
        switch (result)
        {
            case { Node: { } node } when cache.Assume(pod, node.Name):
                nominations.Remove(pod.Uid);
                Run(tasks, queued, () => binder.BindAsync(queued, pod, node.Name, cancellationToken));
                break;
            case { Diagnosis: { } diagnosis }:
                var decision = diagnosis.NodeCount == 0
                    ? new PostFilterResult("", [], "")
                    : postFilter.PostFilter(pod, _snapshot, result.Filters, diagnosis);
                Nominate(pod, decision);
                diagnosis = diagnosis with { PostFilterMessage = decision.Message };
                Run(tasks, queued, () => FailAsync(queued, pod, diagnosis, decision, cancellationToken));
                break;
            default:
                // It has a node already.
                queue.Done(queued);
                break;
        }
    }

    private ScheduleResult Choose(PodInfo pod)
    {
        using var measured = metrics.MeasureAlgorithm();
        return algorithm.Schedule(pod, _snapshot);
    }

    private void Nominate(PodInfo pod, PostFilterResult decision)
    {
        if (decision.NodeName is { Length: > 0 } node)
        {
            nominations.Set(pod, node);
        }
        else if (decision.NodeName is not null)
        {
            nominations.Remove(pod.Uid);
        }
    }

    private async Task FailAsync(
        QueuedPod queued, PodInfo pod, Diagnosis diagnosis, PostFilterResult decision, CancellationToken cancellationToken)
    {
        try
        {
            await preemptor.EvictAsync(pod, decision, cancellationToken);
        }
        catch (Exception exception) when (exception is StatusException or HttpRequestException or IOException)
        {
            nominations.Remove(pod.Uid);
            await failures.HandleErrorAsync(queued, pod, exception.Message, cancellationToken);
            return;
        }

        await failures.HandleUnfitAsync(queued, pod, diagnosis, decision.NodeName, cancellationToken);
    }

    // When this process stops leading, the pod must not be lost: it waits for the next term, unless the next leader is faster.
    private void Run(TaskSet tasks, QueuedPod queued, Func<Task> body) => tasks.Run(async () =>
    {
        try
        {
            await body();
        }
        catch (OperationCanceledException)
        {
            queue.Return(queued, new HashSet<string>());
        }
    });
}
