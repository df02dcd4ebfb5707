using k8s;
using k8s.Models;

namespace MiniKube.Client.Metadata;

/// <summary>Any object with nothing but its metadata (meta.k8s.io/v1 PartialObjectMetadata).</summary>
public sealed record PartialObject : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();
}
