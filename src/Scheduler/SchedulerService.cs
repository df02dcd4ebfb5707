using k8s.Models;

using MiniKube.Client.Informers;
using MiniKube.Client.LeaderElection;

namespace MiniKube.Scheduler;

/// <summary>Follows the cluster all the time, so that it can schedule at once when it becomes the leader.</summary>
internal sealed class SchedulerService(IInformerFactory informers, ClusterListener listener, ScheduleOne scheduleOne, LeaderElector elector) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        listener.Listen(informers);
        await informers.Get<V1Node>().WaitForSyncAsync(stoppingToken);
        await informers.Get<V1Namespace>().WaitForSyncAsync(stoppingToken);
        await informers.Get<V1Pod>().WaitForSyncAsync(stoppingToken);
        await informers.Get<V1PersistentVolumeClaim>().WaitForSyncAsync(stoppingToken);
        await informers.Get<V1PersistentVolume>().WaitForSyncAsync(stoppingToken);
        await informers.Get<V1StorageClass>().WaitForSyncAsync(stoppingToken);
        await elector.RunAsync(scheduleOne.RunAsync, stoppingToken);
    }
}
