using System.Text.Json.Serialization;

using k8s;
using k8s.Models;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>What a pod uses, as metrics.k8s.io/v1beta1 tells it.</summary>
[KubernetesEntity(Group = "metrics.k8s.io", ApiVersion = "v1beta1", Kind = "PodMetrics", PluralName = "pods")]
internal sealed record PodMetrics : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string? ApiVersion { get; set; }

    [JsonPropertyName("kind")]
    public string? Kind { get; set; }

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The end of the time that was measured.</summary>
    [JsonPropertyName("timestamp")]
    public DateTime? Timestamp { get; set; }

    /// <summary>How long that was, as Go writes durations.</summary>
    [JsonPropertyName("window")]
    public string? Window { get; set; }

    [JsonPropertyName("containers")]
    public IReadOnlyList<ContainerMetrics>? Containers { get; set; }
}
