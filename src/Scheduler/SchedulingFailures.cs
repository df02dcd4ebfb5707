using MiniKube.Api.Errors;
using MiniKube.Client.Events;
using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Queue;

namespace MiniKube.Scheduler;

/// <summary>What follows when a pod gets no node: back to the queue, an event, a condition in its status.</summary>
internal sealed partial class SchedulingFailures(
    SchedulingQueue queue, IEventRecorder events, PodStatusWriter statuses, SchedulerMetrics metrics, ILogger<SchedulingFailures> logger)
{
    private const string SchedulerError = "SchedulerError";

    // Upstream's limit of an event's note.
    private const int MaxMessageLength = 1024;

    /// <summary>No node fits.</summary>
    public Task HandleUnfitAsync(
        QueuedPod queued, PodInfo pod, Diagnosis diagnosis, string? nominatedNode, CancellationToken cancellationToken) =>
        HandleAsync(queued, pod, diagnosis.Plugins, "Unschedulable", diagnosis.Message, nominatedNode, cancellationToken);

    /// <summary>Something went wrong: tried again after a back-off.</summary>
    public Task HandleErrorAsync(QueuedPod queued, PodInfo pod, string message, CancellationToken cancellationToken) =>
        HandleAsync(queued, pod, new HashSet<string>(), SchedulerError, message, null, cancellationToken);

    private async Task HandleAsync(
        QueuedPod queued, PodInfo pod, IReadOnlySet<string> refusedBy, string reason, string message, string? nominatedNode, CancellationToken cancellationToken)
    {
        metrics.Attempted(reason == SchedulerError ? "error" : "unschedulable");
        Log.Failed(logger, pod.Key.Namespace, pod.Key.Name, message);
        if (!queue.Return(queued, refusedBy))
        {
            return;
        }

        events.Record(pod.Pod, "Warning", "FailedScheduling", message.Length <= MaxMessageLength ? message : message[..(MaxMessageLength - 4)] + " ...");
        try
        {
            await statuses.WriteUnscheduledAsync(pod, reason, message, nominatedNode, cancellationToken);
        }
        catch (Exception exception) when (exception is StatusException or HttpRequestException or IOException)
        {
            // The next try writes it again; the pod may also be gone.
            Log.StatusNotWritten(logger, exception, pod.Key.Namespace, pod.Key.Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Pod {Namespace}/{Name} gets no node: {Reason}")]
        public static partial void Failed(ILogger logger, string @namespace, string name, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The status of pod {Namespace}/{Name} could not be written")]
        public static partial void StatusNotWritten(ILogger logger, Exception exception, string @namespace, string name);
    }
}
