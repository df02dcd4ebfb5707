using System.Text.Json.Serialization;

using k8s.Models;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>What a container uses, such as <c>cpu: 250m</c>.</summary>
internal sealed record ContainerMetrics
{
    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("usage")]
    public IReadOnlyDictionary<string, ResourceQuantity>? Usage { get; set; }
}
