using MiniKube.Storage;
using MiniKube.Storage.Embedded;
using MiniKube.Storage.Etcd;

namespace MiniKube.ApiServer;

/// <summary>Opens the store that the options name: etcd, or else the embedded one.</summary>
internal static class StoreFactory
{
    public static async Task<IKeyValueStore> OpenAsync(
        ApiServerOptions options, ILoggerFactory loggers, TimeProvider clock, CancellationToken cancellationToken) => options.EtcdServers.Count > 0
        ? new EtcdStore(EtcdOptions(options), loggers.CreateLogger<EtcdStore>(), clock)
        : await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = options.EmbeddedStore }, loggers.CreateLogger<EmbeddedStore>(), clock, cancellationToken);

    private static EtcdStoreOptions EtcdOptions(ApiServerOptions options) => new()
    {
        Servers = [.. options.EtcdServers.Select(server => new Uri(server))],
        CaFile = options.EtcdCaFile,
        CertFile = options.EtcdCertFile,
        KeyFile = options.EtcdKeyFile,
    };
}
