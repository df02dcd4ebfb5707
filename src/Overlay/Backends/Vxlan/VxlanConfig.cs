using System.Text.Json;

using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Backends.Vxlan;

/// <summary>The settings of the field Backend for vxlan, with Flannel's names and defaults.</summary>
internal sealed record VxlanConfig
{
    /// <summary>The network's identifier on the wire; the device is called after it.</summary>
    public int Vni { get; init; } = 1;

    /// <summary>The UDP port; 0 is the kernel's own, 8472.</summary>
    public int Port { get; init; }

    /// <summary>The MTU of the network between the nodes; 0 takes that of the interface.</summary>
    public int Mtu { get; init; }

    /// <summary>Whether peers on the same wire are reached by plain routes.</summary>
    public bool DirectRouting { get; init; }

    /// <exception cref="ConfigException">A setting that this overlay does not have: to leave it out silently would make another network than asked for.</exception>
    public static VxlanConfig Parse(JsonElement backend)
    {
        var config = new VxlanConfig();
        foreach (var setting in backend.EnumerateObject())
        {
            try
            {
                config = setting.Name switch
                {
                    "Type" => config,
                    "VNI" => config with { Vni = setting.Value.GetInt32() },
                    "Port" => config with { Port = setting.Value.GetInt32() },
                    "MTU" => config with { Mtu = setting.Value.GetInt32() },
                    "DirectRouting" => config with { DirectRouting = setting.Value.GetBoolean() },
                    "GBP" or "Learning" when setting.Value.ValueKind == JsonValueKind.False => config,
                    _ => throw new ConfigException($"the vxlan backend does not support {setting.Name}={setting.Value.GetRawText()}"),
                };
            }
            catch (Exception exception) when (exception is InvalidOperationException or FormatException)
            {
                throw new ConfigException($"error decoding VXLAN backend config: {setting.Name}: {exception.Message}", exception);
            }
        }

        return config;
    }
}
