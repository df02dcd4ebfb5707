using k8s.Models;

namespace MiniKube.Client.Transport;

/// <summary>The JSON of any list.</summary>
internal sealed record ListBody<T>
{
    public V1ListMeta? Metadata { get; init; }

    public IReadOnlyList<T>? Items { get; init; }

    public ObjectList<T> ToObjectList() => new(Metadata?.ResourceVersion ?? "", Metadata?.ContinueProperty ?? "", Items ?? []);
}
