using System.Collections.Concurrent;

namespace MiniKube.Scheduler;

/// <summary>The owner of tasks that run beside the scheduling loop. What fails in one is thrown to the loop.</summary>
internal sealed class TaskSet
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly ConcurrentQueue<Exception> _failures = new();

    public void Run(Func<Task> body)
    {
        var task = new Task<Task>(() => RunAsync(body));
        var finished = task.Unwrap();
        _running[finished] = true;
        _ = finished.ContinueWith(
            done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        task.Start(TaskScheduler.Default);
    }

    public void ThrowIfFailed()
    {
        if (!_failures.IsEmpty)
        {
            throw new AggregateException(_failures);
        }
    }

    /// <summary>Waits for all.</summary>
    public async Task WaitAsync()
    {
        await Task.WhenAll(_running.Keys);
        ThrowIfFailed();
    }

    private async Task RunAsync(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (Exception exception)
        {
            _failures.Enqueue(exception);
        }
    }
}
