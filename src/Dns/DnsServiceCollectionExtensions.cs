using MiniKube.Dns.Records;
using MiniKube.Dns.Serving;

namespace MiniKube.Dns;

/// <summary>Registers the parts of the name server. It needs a client beside it.</summary>
internal static class DnsServiceCollectionExtensions
{
    public static IServiceCollection AddDns(this IServiceCollection services, DnsOptions options) => services
        .AddSingleton(options)
        .AddSingleton<ClusterNames>()
        .AddSingleton<ClusterZone>()
        .AddSingleton<ReverseZone>()
        .AddSingleton<Forwarder>()
        .AddSingleton<QueryHandler>()
        .AddHostedService<DnsListener>()
        .AddHostedService<DnsEndpoints>();
}
