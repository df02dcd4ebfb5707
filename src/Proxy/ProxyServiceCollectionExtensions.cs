using MiniKube.Hosting.Commands;
using MiniKube.Proxy.Applying;

namespace MiniKube.Proxy;

/// <summary>Registers the parts of the proxy. It needs a client beside it.</summary>
internal static class ProxyServiceCollectionExtensions
{
    public static IServiceCollection AddProxy(this IServiceCollection services, ProxyOptions options) => services
        .AddSingleton(options)
        .AddSingleton<ICommandRunner, CommandRunner>()
        .AddSingleton<ConntrackCleaner>()
        .AddSingleton<ProxyHealth>()
        .AddSingleton<IReadOnlyList<FamilyProxy>>(provider =>
        [
            .. options.Families.Select(family => new FamilyProxy(
                family,
                options,
                ActivatorUtilities.CreateInstance<IptablesApplier>(provider, family),
                provider.GetRequiredService<ConntrackCleaner>())),
        ])
        .AddHostedService<LoopbackRouting>()
        .AddHostedService<ProxySyncer>();
}
