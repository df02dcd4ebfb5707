using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>The resources of one definition: one a served version, all of one stored prefix; none while it is not established.</summary>
internal sealed record CustomResourceSet(Definition Definition, DefinitionSchemas Schemas, IReadOnlyList<ServedResource> Resources)
{
    public static CustomResourceSet Create(
        Definition definition, ReadOnlyMemory<byte> text, Func<ObjectReader, Cacher> makeCacher, ILogger<ObjectReader> logger)
    {
        var schemas = new DefinitionSchemas(text);
        var prefix = StoragePrefixes.OfCustom(definition.Group, definition.Names.Plural);
        var versions = definition.IsEstablished ? definition.Versions.Where(version => version.IsServed) : [];
        return new CustomResourceSet(definition, schemas, [.. versions.Select(version => Serve(new CustomResourceStrategy(definition, version, schemas)))]);

        ServedResource Serve(CustomResourceStrategy strategy)
        {
            var codec = new ObjectCodec(strategy);
            return new ServedResource(strategy, makeCacher(new ObjectReader(prefix, strategy, codec, logger)), codec, participant: null);
        }
    }
}
