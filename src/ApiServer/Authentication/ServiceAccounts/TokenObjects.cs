using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Authentication.ServiceAccounts;

/// <summary>The objects that tokens are bound to, as the watch cache has them.</summary>
internal sealed class TokenObjects(Cacher serviceAccounts, Cacher pods, Cacher secrets, Cacher nodes, CacheReads reads)
{
    public static TokenObjects Of(ResourceCatalog catalog, CacheReads reads) => new(
        catalog.Get("", "v1", "serviceaccounts").Cacher,
        catalog.Get("", "v1", "pods").Cacher,
        catalog.Get("", "v1", "secrets").Cacher,
        catalog.Get("", "v1", "nodes").Cacher,
        reads);

    public ValueTask<CachedObject?> ServiceAccountAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        FindAsync(serviceAccounts, $"{@namespace}/{name}", cancellationToken);

    public ValueTask<CachedObject?> PodAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        FindAsync(pods, $"{@namespace}/{name}", cancellationToken);

    public ValueTask<CachedObject?> SecretAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        FindAsync(secrets, $"{@namespace}/{name}", cancellationToken);

    public ValueTask<CachedObject?> NodeAsync(string name, CancellationToken cancellationToken) => FindAsync(nodes, name, cancellationToken);

    // What is not there may have been made a moment ago, on another server: look once more at the newest state.
    private async ValueTask<CachedObject?> FindAsync(Cacher cacher, string key, CancellationToken cancellationToken)
    {
        if (cacher.Snapshot.Objects.Find(key) is { } found)
        {
            return found;
        }

        await reads.WaitForNewestAsync(cancellationToken);
        return cacher.Snapshot.Objects.Find(key);
    }
}
