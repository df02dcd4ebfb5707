using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

using MiniKube.Storage;

namespace MiniKube.Overlay.Subnets;

/// <summary>A node's subnet, as it stands in etcd: <c>…/subnets/10.244.1.0-24</c>.</summary>
/// <param name="Subnet">The key's last part.</param>
/// <param name="Attributes">The value.</param>
/// <param name="ModRevision">The revision of the key's last write.</param>
internal sealed record SubnetLease(Subnet Subnet, LeaseAttributes Attributes, long ModRevision)
{
    public static string KeyPart(Subnet subnet) => subnet.ToString().Replace('/', '-');

    public static bool TryParseKey(string key, out Subnet subnet) =>
        Subnet.TryParse(key[(key.LastIndexOf('/') + 1)..].Replace('-', '/'), out subnet);

    public static ReadOnlyMemory<byte> Encode(LeaseAttributes attributes) => JsonSerializer.SerializeToUtf8Bytes(attributes);

    /// <summary>False for what is no lease: others may write there too.</summary>
    public static bool TryRead(KeyValue item, [NotNullWhen(true)] out SubnetLease? lease)
    {
        lease = null;
        if (!TryParseKey(item.Key, out var subnet))
        {
            return false;
        }

        try
        {
            lease = JsonSerializer.Deserialize<LeaseAttributes>(item.Value.Span) is { } attributes && Subnet.TryParseAddress(attributes.PublicIP, out _)
                ? new SubnetLease(subnet, attributes, item.ModRevision)
                : null;
        }
        catch (JsonException)
        {
            return false;
        }

        return lease is not null;
    }
}
