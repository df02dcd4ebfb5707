using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;
using MiniKube.Client.LeaderElection;
using MiniKube.Client.Metadata;
using MiniKube.Client.ServiceAccounts;

namespace MiniKube.Client;

/// <summary>Registers what a component talks to the API server with.</summary>
public static class KubernetesClientServiceCollectionExtensions
{
    /// <summary>An <see cref="IObjectClient"/> and an <see cref="IInformerFactory"/> that runs with the host.</summary>
    public static IServiceCollection AddKubernetesClient(this IServiceCollection services, string? kubeconfig, string component) =>
        services.AddKubernetesClient(new KubernetesClientOptions { Kubeconfig = kubeconfig, Component = component });

    public static IServiceCollection AddKubernetesClient(this IServiceCollection services, KubernetesClientOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton(_ => new ApiConnection(options));
        return services
            .AddSingleton<FencingToken>()
            .AddSingleton<IObjectClient, ObjectClient>()
            .AddSingleton<IMetadataClient, MetadataClient>()
            .AddSingleton<MetadataReflector>()
            .AddSingleton<ControllerRunner>()
            .AddSingleton(typeof(ILister<>), typeof(SharedLister<>))
            .AddSingleton<InformerFactory>()
            .AddSingleton<IInformerFactory>(provider => provider.GetRequiredService<InformerFactory>())
            .AddHostedService(provider => provider.GetRequiredService<InformerFactory>());
    }

    /// <summary>Clients of a scope act as its <see cref="ClientIdentity"/>; what is shared by all scopes (informers, events, leader election) acts as the component.</summary>
    public static IServiceCollection AddServiceAccountClients(this IServiceCollection services) => services
        .AddScoped<ClientIdentity>()
        .AddSingleton<ServiceAccountClients>()
        .AddSingleton<ObjectClient>()
        .AddSingleton<MetadataClient>()
        .AddScoped(provider => provider.GetRequiredService<ClientIdentity>().ServiceAccount is { } account
            ? provider.GetRequiredService<ServiceAccountClients>().Objects(account)
            : provider.GetRequiredService<ObjectClient>())
        .AddScoped(provider => provider.GetRequiredService<ClientIdentity>().ServiceAccount is { } account
            ? provider.GetRequiredService<ServiceAccountClients>().Metadata(account)
            : provider.GetRequiredService<MetadataClient>());

    /// <summary>An <see cref="IEventRecorder"/> that runs with the host and names this component as the source.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="component">Such as <c>default-scheduler</c>.</param>
    /// <param name="host">The node, for what runs on every node.</param>
    public static IServiceCollection AddEventRecorder(this IServiceCollection services, string component, string host = "") => services
        .AddSingleton(new EventSource(component, host))
        .AddSingleton<EventRecorder>()
        .AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>())
        .AddSingleton<IEventRecorders>(provider => provider.GetRequiredService<EventRecorder>())
        .AddHostedService(provider => provider.GetRequiredService<EventRecorder>());

    /// <summary>A <see cref="LeaderElector"/> whose fencing token goes with every write of the <see cref="IObjectClient"/>.</summary>
    public static IServiceCollection AddLeaderElection(this IServiceCollection services, LeaderElectionOptions options) => services
        .AddSingleton(options)
        .AddSingleton<LeaderElector>();
}
