using MiniKube.Client.Controllers;
using MiniKube.ControllerManager.Apps;
using MiniKube.ControllerManager.Apps.Deployments;
using MiniKube.ControllerManager.Core;
using MiniKube.ControllerManager.Discovery;
using MiniKube.ControllerManager.GarbageCollection;
using MiniKube.ControllerManager.Nodes;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager;

/// <summary>The controllers there are. A new one is a file of its own and a line here.</summary>
internal static class Controllers
{
    /// <summary>Scoped: a term of leadership is a scope, so that no controller remembers anything of a term before.</summary>
    public static IServiceCollection AddControllers(this IServiceCollection services) => services
        .AddSingleton<IPodControl, PodControl>()
        .AddScoped<IController, ReplicationControllerController>()
        .AddScoped<IController, ReplicaSetController>()
        .AddScoped<IController, DeploymentController>()
        .AddScoped<IController, EndpointsController>()
        .AddScoped<IController, EndpointSliceController>()
        .AddScoped<IController, ServiceAccountController>()
        .AddScoped<IController, NodeIpamController>()
        .AddScoped<IController, NodeLifecycleController>()
        .AddScoped<IController, TaintEvictionController>()
        .AddScoped<IController, PodGarbageController>()
        .AddScoped<IController, NamespaceController>()
        .AddScoped<IController, ResourceQuotaController>()
        .AddScoped<IController, GarbageController>();
}
