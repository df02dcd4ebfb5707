using System.Net;
using System.Numerics;

using MiniKube.Api.Addresses;

namespace MiniKube.ControllerManager.Nodes;

/// <summary>The equal parts of a network, such as the /24 of 10.244.0.0/16. Pure.</summary>
internal sealed class CidrParts
{
    private readonly IPNetwork _network;
    private readonly int _partSize;
    private readonly BigInteger _base;
    private readonly BigInteger _step;

    public CidrParts(IPNetwork network, int partSize)
    {
        var bits = network.BaseAddress.GetAddressBytes().Length * 8;
        if (partSize < network.PrefixLength || partSize > bits)
        {
            throw new ArgumentException($"A node's mask of /{partSize} does not fit into {network}.");
        }

        _network = network;
        _partSize = partSize;
        _base = new BigInteger(network.BaseAddress.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
        _step = BigInteger.One << (bits - partSize);
    }

    /// <returns>The first part that overlaps nothing that is used; null when there is none.</returns>
    public string? FirstFree(IEnumerable<string?> used)
    {
        var taken = used.Select(text => RangeText.TryParse(text, out _, out var network) ? network : (IPNetwork?)null).OfType<IPNetwork>().ToList();
        var count = BigInteger.One << (_partSize - _network.PrefixLength);
        var exact = taken.Where(network => network.PrefixLength == _partSize).ToHashSet();
        var others = taken.Where(network => network.PrefixLength != _partSize).ToList();
        for (var i = BigInteger.Zero; i < count; i++)
        {
            var part = new IPNetwork(Address(_base + (i * _step)), _partSize);
            if (!exact.Contains(part) && !others.Any(other => other.Contains(part.BaseAddress) || part.Contains(other.BaseAddress)))
            {
                return part.ToString();
            }
        }

        return null;
    }

    private IPAddress Address(BigInteger value)
    {
        var bytes = new byte[_network.BaseAddress.GetAddressBytes().Length];
        var written = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(bytes, bytes.Length - written.Length);
        return new IPAddress(bytes);
    }
}
