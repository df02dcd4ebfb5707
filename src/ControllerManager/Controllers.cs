using MiniKube.Client.Controllers;
using MiniKube.ControllerManager.Apps;
using MiniKube.ControllerManager.Apps.DaemonSets;
using MiniKube.ControllerManager.Apps.Deployments;
using MiniKube.ControllerManager.Apps.StatefulSets;
using MiniKube.ControllerManager.Autoscaling;
using MiniKube.ControllerManager.Batch;
using MiniKube.ControllerManager.Batch.CronJobs;
using MiniKube.ControllerManager.Batch.Jobs;
using MiniKube.ControllerManager.Bootstrap;
using MiniKube.ControllerManager.Certificates;
using MiniKube.ControllerManager.Core;
using MiniKube.ControllerManager.Discovery;
using MiniKube.ControllerManager.Disruption;
using MiniKube.ControllerManager.GarbageCollection;
using MiniKube.ControllerManager.Nodes;
using MiniKube.ControllerManager.Pods;
using MiniKube.ControllerManager.Rbac;
using MiniKube.ControllerManager.Tokens;
using MiniKube.ControllerManager.Volumes;

namespace MiniKube.ControllerManager;

/// <summary>The controllers there are. A new one is a file of its own and a line here.</summary>
internal static class Controllers
{
    /// <summary>Scoped: each controller has a scope in each term of leadership, so that it remembers nothing of a term before, and acts as its own account.</summary>
    public static IServiceCollection AddControllers(this IServiceCollection services) => services
        .AddScoped<IPodControl, PodControl>()
        .AddScoped<ExpectedScale>()
        .Add<ReplicationControllerController>("replication-controller")
        .Add<ReplicaSetController>("replicaset-controller")
        .Add<DeploymentController>("deployment-controller")
        .Add<DaemonSetController>("daemon-set-controller")
        .Add<StatefulSetController>("statefulset-controller")
        .Add<JobController>("job-controller")
        .Add<JobOrphanController>("job-controller")
        .Add<CronJobController>("cronjob-controller")
        .Add<TtlAfterFinishedController>("ttl-after-finished-controller")
        .Add<EndpointsController>("endpoint-controller")
        .Add<EndpointSliceController>("endpointslice-controller")
        .Add<EndpointSliceMirroringController>("endpointslicemirroring-controller", "endpointslicemirroring")
        .Add<ServiceCidrController>("service-cidrs-controller")
        .Add<ServiceAccountController>("service-account-controller")
        .Add<ServiceAccountTokenController>(null)
        .Add<RootCaPublisher>("root-ca-cert-publisher")
        .Add<RequestApprovingController>("certificate-controller", "csrapproving")
        .Add<ServingApprovingController>("certificate-controller")
        .Add<RequestSigningController>("certificate-controller", "csrsigning")
        .Add<RequestCleanerController>("certificate-controller", "csrcleaner")
        .Add<BootstrapSignerController>("bootstrap-signer", "bootstrapsigner", onByDefault: false)
        .Add<TokenCleanerController>("token-cleaner", "tokencleaner", onByDefault: false)
        .Add<ClusterRoleAggregationController>("clusterrole-aggregation-controller")
        .AddScoped<ScaleTargets>()
        .Add<HorizontalController>("horizontal-pod-autoscaler")
        .Add<DisruptionController>("disruption-controller")
        .Add<NodeIpamController>("node-controller")
        .Add<NodeLifecycleController>("node-controller")
        .Add<TaintEvictionController>("node-controller")
        .Add<PodGarbageController>("pod-garbage-collector")
        .Add<ClaimController>("persistent-volume-binder")
        .Add<VolumeController>("persistent-volume-binder")
        .Add<VolumeExpandController>("expand-controller")
        .Add<ClaimProtectionController>("pvc-protection-controller")
        .Add<VolumeProtectionController>("pv-protection-controller")
        .Add<NamespaceController>("namespace-controller")
        .Add<ResourceQuotaController>("resourcequota-controller")
        .Add<GarbageController>("generic-garbage-collector");

    private static IServiceCollection Add<T>(this IServiceCollection services, string? account, string? alias = null, bool onByDefault = true)
        where T : class, IController => services.AddScoped<T>().AddSingleton(new ControllerEntry(typeof(T), account, alias, onByDefault));
}
