using System.Net;

namespace MiniKube.Dns.Records;

/// <summary>One address of an endpoint, with the label that is its name below the service's.</summary>
/// <param name="Label">The pod's hostname where its subdomain is the service; else the address, with dashes.</param>
/// <param name="Address">Of either family.</param>
/// <param name="Ports">Name (may be empty), protocol in lower case, and number of each port.</param>
internal sealed record NamedAddress(string Label, IPAddress Address, IReadOnlyList<(string Name, string Protocol, int Port)> Ports)
{
    /// <summary>An address as a label: <c>10-244-0-5</c>, <c>fd00--5</c>.</summary>
    public static string Dashed(IPAddress address) => address.ToString().Replace('.', '-').Replace(':', '-');
}
