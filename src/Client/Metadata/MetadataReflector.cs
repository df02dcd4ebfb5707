using Microsoft.Extensions.Logging;

using MiniKube.Api.Meta;
using MiniKube.Client.Informers;

namespace MiniKube.Client.Metadata;

/// <summary>Keeps a sink equal to the metadata of all objects of a resource.</summary>
public sealed class MetadataReflector(IMetadataClient client, TimeProvider clock, Random random, ILogger<MetadataReflector> logger)
{
    /// <summary>Until cancelled, which ends it silently.</summary>
    public Task RunAsync(GroupVersionResource resource, IReflectorSink<PartialObject> sink, CancellationToken cancellationToken) =>
        new Reflector<PartialObject>(new MetadataListWatch(client, resource), sink, new ListQuery(), clock, random, logger, resource.GroupResource)
            .RunAsync(cancellationToken);
}
