using MiniKube.Api.Meta;
using MiniKube.Client.Informers;

namespace MiniKube.Client.Metadata;

internal sealed class MetadataListWatch(IMetadataClient client, GroupVersionResource resource) : IListWatch<PartialObject>
{
    public Task<ObjectList<PartialObject>> ListAsync(ListQuery query, CancellationToken cancellationToken) => client.ListAsync(resource, query, cancellationToken);

    public IAsyncEnumerable<WatchEvent<PartialObject>> WatchAsync(ListQuery query, CancellationToken cancellationToken) =>
        client.WatchAsync(resource, query, cancellationToken);
}
