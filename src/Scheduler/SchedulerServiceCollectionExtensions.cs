using MiniKube.Scheduler.Cache;
using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Plugins;
using MiniKube.Scheduler.Queue;

namespace MiniKube.Scheduler;

/// <summary>Registers the parts of the scheduler. It needs a client, an event recorder and leader election beside it.</summary>
internal static class SchedulerServiceCollectionExtensions
{
    public static IServiceCollection AddScheduler(this IServiceCollection services) => services
        .AddSingleton<INamespaceLabels, NamespaceLabels>()
        .AddSingleton(provider => DefaultProfile.Create(
            provider.GetRequiredService<INamespaceLabels>(), provider.GetRequiredService<VolumeBinding>()))
        .AddSingleton<VolumeBinding>()
        .AddSingleton<VolumeBinder>()
        .AddSingleton<SchedulerCache>()
        .AddSingleton<SchedulingQueue>()
        .AddSingleton<Nominations>()
        .AddSingleton<SchedulingAlgorithm>()
        .AddSingleton<IPostFilterPlugin, DefaultPreemption>()
        .AddSingleton<ClusterListener>()
        .AddSingleton<PodStatusWriter>()
        .AddSingleton<SchedulingFailures>()
        .AddSingleton<PodBinder>()
        .AddSingleton<Preemptor>()
        .AddSingleton<SchedulerMetrics>()
        .AddSingleton<ScheduleOne>()
        .AddHostedService<SchedulerService>();
}
