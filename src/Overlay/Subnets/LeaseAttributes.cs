using System.Text.Json;
using System.Text.Json.Serialization;

namespace MiniKube.Overlay.Subnets;

/// <summary>What a node tells the others in its lease's value: Flannel's JSON, field by field.</summary>
internal sealed record LeaseAttributes
{
    /// <summary>The node's address, at which its peers reach it.</summary>
    [JsonPropertyName("PublicIP"), JsonPropertyOrder(1)]
    public required string PublicIP { get; init; }

    /// <summary>Always null here; Flannel writes it too.</summary>
    [JsonPropertyName("PublicIPv6"), JsonPropertyOrder(2)]
    public string? PublicIPv6 { get; init; }

    [JsonPropertyName("BackendType"), JsonPropertyOrder(3)]
    public string? BackendType { get; init; }

    /// <summary>What the backend needs to know of a peer: for vxlan its VNI and VtepMAC; nothing for host-gw.</summary>
    [JsonPropertyName("BackendData"), JsonPropertyOrder(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? BackendData { get; init; }
}
