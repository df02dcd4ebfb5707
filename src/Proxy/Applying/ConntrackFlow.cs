using System.Globalization;

using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Applying;

/// <summary>Connections to forget: those sent to an address (null: any) and port (0: any), and led to an endpoint (null: to any or none).</summary>
internal sealed record ConntrackFlow(IPFamily Family, string Protocol, string? Address, int Port, string? Endpoint)
{
    /// <summary>Only those that nobody has answered yet (TCP).</summary>
    public bool IsUnanswered { get; init; }

    /// <summary>The arguments of the command conntrack.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        "-D", "-f", Family.ToString().ToLower(CultureInfo.InvariantCulture), "-p", Protocol,
        .. IsUnanswered ? (string[])["--state", "SYN_SENT"] : [],
        .. Address is null ? (string[])[] : ["--orig-dst", Address],
        .. Port == 0 ? (string[])[] : ["--orig-port-dst", Port.ToString(CultureInfo.InvariantCulture)],
        .. Endpoint is null ? (string[])[] : ["--dst-nat", Endpoint],
    ];
}
