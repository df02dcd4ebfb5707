using System.Globalization;

namespace MiniKube.Overlay.Subnets;

/// <summary>
/// <c>/run/flannel/subnet.env</c>: what the rest of the node needs to know, as lines that a shell can source. The address in FLANNEL_SUBNET is the
/// first of the subnet, which the node's bridge takes.
/// </summary>
internal sealed record SubnetFile(Subnet Network, Subnet Subnet, int Mtu, bool IpMasq)
{
    private const string SubnetName = "FLANNEL_SUBNET=";

    public string Render()
    {
        var bridge = string.Create(CultureInfo.InvariantCulture, $"{Subnet.ToAddress(Subnet.Base + 1)}/{Subnet.Length}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"FLANNEL_NETWORK={Network}\n{SubnetName}{bridge}\nFLANNEL_MTU={Mtu}\nFLANNEL_IPMASQ={(IpMasq ? "true" : "false")}\n");
    }

    /// <summary>Replaces the file in one step: whoever reads it sees all of it.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = path + ".new";
        await File.WriteAllTextAsync(temporary, Render(), cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The subnet that an earlier run wrote; null if there is none to be read.</summary>
    public static async Task<Subnet?> PreviousAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var lines = await File.ReadAllLinesAsync(path, cancellationToken);
        var value = lines.FirstOrDefault(line => line.StartsWith(SubnetName, StringComparison.Ordinal))?[SubnetName.Length..];
        return Subnet.TryParse(value, out var subnet) ? subnet : null;
    }
}
