using System.Net;

using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

using MiniKube.Api.Addresses;

namespace MiniKube.Dns.Records;

/// <summary>From an address back to its name: services by their cluster address, and endpoints of services. Other addresses are somebody else's.</summary>
internal sealed class ReverseZone(ClusterNames names, ClusterZone zone, DnsOptions options)
{
    /// <summary>Null for a name that is no address, or for an address that has no name here.</summary>
    public Lookup? Find(DomainName name, RecordType type)
    {
        if (AddressOf(name.Labels) is not { } address)
        {
            return null;
        }

        DomainName[] targets =
        [
            .. names.ServicesAt(address).Select(service => zone.NameOf(service)),
            .. from service in names.ServicesWithEndpoint(address).Distinct()
               from endpoint in names.Endpoints(service)
               where endpoint.Address.Equals(address)
               select zone.NameOf(service, endpoint.Label),
        ];
        return targets.Length == 0 ? null
            : type is RecordType.Ptr or RecordType.Any
                ? new Lookup(ReturnCode.NoError, [.. targets.Distinct().Select(target => new PtrRecord(name, options.TimeToLive, target))])
                : Lookup.NoData;
    }

    private static IPAddress? AddressOf(string[] labels) => labels switch
    {
        [var d, var c, var b, var a, var inAddr, var arpa] when Is(inAddr, "in-addr") && Is(arpa, "arpa") =>
            AddressText.TryParse($"{a}.{b}.{c}.{d}", out var address) ? address : null,
        { Length: 34 } when Is(labels[32], "ip6") && Is(labels[33], "arpa") && labels.Take(32).All(label => label is [var digit] && char.IsAsciiHexDigit(digit)) =>
            new IPAddress(Convert.FromHexString(string.Concat(labels.Take(32).Reverse()))),
        _ => null,
    };

    private static bool Is(string label, string wanted) => label.Equals(wanted, StringComparison.OrdinalIgnoreCase);
}
