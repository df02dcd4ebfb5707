using System.Globalization;

using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Applying;

/// <summary>Connections to forget: those sent to an address (null: any) and port, and led to an endpoint (null: to any or none).</summary>
internal sealed record ConntrackFlow(IPFamily Family, string Protocol, string? Address, int Port, string? Endpoint)
{
    /// <summary>The arguments of the command conntrack.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        "-D", "-f", Family.ToString().ToLower(CultureInfo.InvariantCulture), "-p", Protocol,
        .. Address is null ? (string[])[] : ["--orig-dst", Address],
        "--orig-port-dst", Port.ToString(CultureInfo.InvariantCulture),
        .. Endpoint is null ? (string[])[] : ["--dst-nat", Endpoint],
    ];
}
