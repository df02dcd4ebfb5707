using Microsoft.Extensions.Logging;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client.Informers;
using MiniKube.Client.WorkQueues;

using Prometheus;

namespace MiniKube.Client.Controllers;

/// <summary>Runs a controller: its watches, its queue and its workers, until cancelled. A reconciliation that fails is tried again, later each time.</summary>
public sealed partial class ControllerRunner(
    IInformerFactory informers, IMetricFactory metrics, TimeProvider clock, ILogger<ControllerRunner> logger)
{
    /// <summary>Ends silently when cancelled, after the workers have.</summary>
    public async Task RunAsync(IController controller, CancellationToken cancellationToken)
    {
        using var queue = new WorkQueue<NamespacedName>(clock, new WorkQueueMetrics(metrics, controller.Name));
        using var builder = new ControllerBuilder(informers, queue);
        controller.Configure(builder);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loops = builder.Loops.Select(loop => EndAllAsync(loop(all.Token), all)).ToList();
        var workers = EndAllAsync(StartWorkersAsync(controller, builder, queue, all.Token), all);
        try
        {
            await Task.WhenAll([workers, .. loops]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.Stopped(logger, controller.Name);
        }
    }

    private async Task StartWorkersAsync(
        IController controller, ControllerBuilder builder, WorkQueue<NamespacedName> queue, CancellationToken cancellationToken)
    {
        await builder.WaitForSyncAsync(cancellationToken);
        Log.Started(logger, controller.Name, controller.Workers);
        await Task.WhenAll(Enumerable.Range(0, controller.Workers).Select(_ => WorkAsync(controller, queue, cancellationToken)));
    }

    // None of these ends by itself. One that does has failed, and the others must not hide that by going on.
    private static async Task EndAllAsync(Task task, CancellationTokenSource all)
    {
        try
        {
            await task;
        }
        finally
        {
            await all.CancelAsync();
        }
    }

    private async Task WorkAsync(IController controller, WorkQueue<NamespacedName> queue, CancellationToken cancellationToken)
    {
        while (true)
        {
            var key = await queue.GetAsync(cancellationToken);
            using var scope = Log.Scope(logger, controller.Name, key);
            try
            {
                // Off the queue's thread: one reconciliation that computes for long must not hold up the next.
                var result = await Task.Run(() => controller.ReconcileAsync(key, cancellationToken), cancellationToken);
                queue.Forget(key);
                if (result.RequeueAfter is { } delay)
                {
                    queue.AddAfter(key, delay);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // Also while stopping: a write refused as the lease was lost must not end the process as if the controller were broken.
                Report(controller, key, exception);
                queue.AddRateLimited(key);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }

    // Somebody else was faster (NotFound: what is written to was deleted), or the server is away for a moment: the next try sees the newest state.
    private void Report(IController controller, NamespacedName key, Exception exception)
    {
        switch (exception)
        {
            case StatusException { Status.Reason: "Conflict" or "AlreadyExists" or "NotFound" }:
                Log.Conflict(logger, controller.Name, key, exception.Message);
                break;
            case StatusException or HttpRequestException or OperationCanceledException or IOException:
                Log.Failed(logger, controller.Name, key, exception.Message);
                break;
            default:
                Log.Broken(logger, exception, controller.Name, key);
                break;
        }
    }

    private static partial class Log
    {
        public static readonly Func<ILogger, string, NamespacedName, IDisposable?> Scope =
            LoggerMessage.DefineScope<string, NamespacedName>("{Controller} {Key}");

        [LoggerMessage(LogLevel.Information, "{Controller} started with {Workers} workers")]
        public static partial void Started(ILogger logger, string controller, int workers);

        [LoggerMessage(LogLevel.Debug, "{Controller} stopped")]
        public static partial void Stopped(ILogger logger, string controller);

        [LoggerMessage(LogLevel.Debug, "{Controller} tries {Key} again: {Reason}")]
        public static partial void Conflict(ILogger logger, string controller, NamespacedName key, string reason);

        [LoggerMessage(LogLevel.Warning, "{Controller} failed for {Key} and tries again: {Reason}")]
        public static partial void Failed(ILogger logger, string controller, NamespacedName key, string reason);

        [LoggerMessage(LogLevel.Error, "{Controller} failed for {Key}")]
        public static partial void Broken(ILogger logger, Exception exception, string controller, NamespacedName key);
    }
}
