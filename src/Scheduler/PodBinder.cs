using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.Client.Events;
using MiniKube.Scheduler.Cache;
using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Queue;

namespace MiniKube.Scheduler;

/// <summary>Tells the API server which node a pod has, in a task of its own while the loop goes on.</summary>
internal sealed partial class PodBinder(
    IObjectClient client, VolumeBinder volumes, IEventRecorder events, SchedulerCache cache, SchedulingQueue queue, SchedulingFailures failures, SchedulerMetrics metrics, ILogger<PodBinder> logger)
{
    public async Task BindAsync(QueuedPod queued, PodInfo pod, string nodeName, CancellationToken cancellationToken)
    {
        try
        {
            await volumes.BindAsync(pod.Pod, nodeName, cancellationToken);
            await client.PostAsync<V1Pod>(pod.Key, "binding", Binding(pod, nodeName), cancellationToken);
        }
        catch (Exception exception) when (exception is StatusException or HttpRequestException or IOException)
        {
            cache.Forget(pod.Uid);
            queue.Move(new ClusterEvent.AssignedPodRemoved(pod));
            await failures.HandleErrorAsync(queued, pod, $"binding rejected: {exception.Message}", cancellationToken);
            return;
        }
        catch (OperationCanceledException)
        {
            // Bound or not: the informer will tell.
            cache.Forget(pod.Uid);
            throw;
        }

        queue.Done(queued);
        metrics.Attempted("scheduled");
        Log.Bound(logger, pod.Key.Namespace, pod.Key.Name, nodeName);
        events.Record(pod.Pod, "Normal", "Scheduled", $"Successfully assigned {pod.Key} to {nodeName}");
    }

    private static V1Binding Binding(PodInfo pod, string nodeName) => new()
    {
        ApiVersion = "v1",
        Kind = "Binding",
        Metadata = new V1ObjectMeta { Name = pod.Key.Name, NamespaceProperty = pod.Key.Namespace, Uid = pod.Uid },
        Target = new V1ObjectReference { Kind = "Node", Name = nodeName },
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Pod {Namespace}/{Name} goes to node {Node}")]
        public static partial void Bound(ILogger logger, string @namespace, string name, string node);
    }
}
