using System.Text;

using MiniKube.Api.Meta;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Registry;

/// <summary>A resource as this server serves it: what is special about its kind, where it is stored, and its cache.</summary>
internal sealed class ServedResource(ResourceStrategy strategy, Cacher cacher, ObjectCodec codec, IWriteParticipant? participant)
{
    public ResourceStrategy Strategy { get; } = strategy;

    public Cacher Cacher { get; } = cacher;

    public ObjectCodec Codec { get; } = codec;

    /// <summary>What changes together with objects of this kind; null for nearly all.</summary>
    public IWriteParticipant? Participant { get; } = participant;

    public GroupVersionKind Kind => Strategy.Kind;

    public GroupVersionResource Name { get; } = new(strategy.Kind.Group, strategy.Kind.Version, strategy.Plural);

    /// <summary>How a list begins, up to its resourceVersion.</summary>
    public ReadOnlyMemory<byte> ListHead { get; } = Encoding.UTF8.GetBytes(
        $$"""{"kind":"{{strategy.ListKind}}","apiVersion":"{{strategy.Kind.ApiVersion}}","metadata":{"resourceVersion":""" + "\"");

    /// <summary>The key in the cache: what follows the prefix.</summary>
    public string CacheKey(string @namespace, string name) => Strategy.NamespaceScoped ? $"{@namespace}/{name}" : name;

    public string StoreKey(string @namespace, string name) => Cacher.Prefix + CacheKey(@namespace, name);
}
