using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

using MiniKube.Client.Informers;

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
            .AddSingleton<InformerFactory>()
            .AddSingleton<IInformerFactory>(provider => provider.GetRequiredService<InformerFactory>())
            .AddHostedService(provider => provider.GetRequiredService<InformerFactory>());
    }
}
