using System.Text.Json;

namespace MiniKube.Overlay.Subnets;

/// <summary>
/// The whole network, as it is put into etcd under <c>/coreos.com/network/config</c>: from which range each node gets a subnet of which
/// length, and how packets travel between nodes. Names, defaults and rules are Flannel's.
/// </summary>
internal sealed record NetworkConfig
{
    /// <summary>The range of all pods.</summary>
    public required Subnet Network { get; init; }

    /// <summary>The length of each node's subnet: 24, or in a network smaller than a /22 a quarter of it.</summary>
    public required int SubnetLength { get; init; }

    /// <summary>The first address of the lowest subnet to lease. By default the second of the network: the first would share its address with the network.</summary>
    public required uint SubnetMin { get; init; }

    /// <summary>The first address of the highest subnet to lease.</summary>
    public required uint SubnetMax { get; init; }

    /// <summary>The field Backend: a Type and that backend's own settings.</summary>
    public required JsonElement Backend { get; init; }

    public string BackendType => Backend.TryGetProperty("Type", out var type) && type.GetString() is { Length: > 0 } text ? text : "udp";

    /// <exception cref="ConfigException">The text is no usable configuration.</exception>
    public static NetworkConfig Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new ConfigException($"the network configuration is not readable: {exception.Message}", exception);
        }
    }

    /// <summary>Whether a subnet may be leased under this configuration.</summary>
    public bool Offers(Subnet subnet) =>
        subnet.Length == SubnetLength && subnet.Base >= SubnetMin && subnet.Base <= SubnetMax && Network.Contains(subnet);

    private static NetworkConfig Read(JsonElement root)
    {
        if (!Subnet.TryParse(Text(root, nameof(Network)), out var network))
        {
            throw new ConfigException("please define a correct Network parameter in the flannel config: an IPv4 range such as 10.244.0.0/16");
        }

        if (root.TryGetProperty("EnableIPv6", out var ipv6) && ipv6.GetBoolean())
        {
            throw new ConfigException("EnableIPv6 is not supported: the overlay is for IPv4");
        }

        var length = Length(root, network);
        var size = new Subnet(0, length).Size;
        var last = network.Base + (network.Size - size);
        return new NetworkConfig
        {
            Network = network,
            SubnetLength = length,
            SubnetMin = Bound(root, nameof(SubnetMin), network, length) ?? network.Base + size,
            SubnetMax = Bound(root, nameof(SubnetMax), network, length) ?? last,
            Backend = root.TryGetProperty(nameof(Backend), out var backend) ? backend.Clone() : default,
        }.Check();
    }

    private NetworkConfig Check() => Backend.ValueKind switch
    {
        JsonValueKind.Object => this,
        JsonValueKind.Undefined or JsonValueKind.Null => throw new ConfigException(
            "the network configuration has no Backend, which means udp: that is not supported, set {\"Type\":\"vxlan\"} or {\"Type\":\"host-gw\"}"),
        _ => throw new ConfigException("Backend must be an object"),
    };

    private static int Length(JsonElement root, Subnet network)
    {
        var wanted = root.TryGetProperty("SubnetLen", out var number) ? number.GetInt32() : 0;
        return wanted switch
        {
            // A bridge, a device and at least one pod need their addresses.
            > 30 => throw new ConfigException("SubnetLen must be less than /31"),
            > 0 when wanted < network.Length + 2 => throw new ConfigException("Network must be able to accommodate at least four subnets"),
            > 0 => wanted,
            < 0 => throw new ConfigException("SubnetLen must not be negative"),
            0 when network.Length > 28 => throw new ConfigException("Network is too small. Minimum useful network prefix is /28"),
            0 => network.Length <= 22 ? 24 : network.Length + 2,
        };
    }

    private static uint? Bound(JsonElement root, string name, Subnet network, int length)
    {
        if (Text(root, name) is not { Length: > 0 } text)
        {
            return null;
        }

        if (!Subnet.TryParseAddress(text, out var address))
        {
            throw new ConfigException($"{name} is not an IPv4 address: {text}");
        }

        if (!network.Contains(address))
        {
            throw new ConfigException($"{name} is not in the range of the Network");
        }

        return Subnet.Around(address, length).Base == address
            ? address
            : throw new ConfigException($"{name} is not on a SubnetLen boundary: {text}");
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
}
