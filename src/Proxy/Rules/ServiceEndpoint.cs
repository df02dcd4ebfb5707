using System.Globalization;

namespace MiniKube.Proxy.Rules;

/// <summary>One address behind a service port, and whether traffic may go there.</summary>
internal sealed record ServiceEndpoint(string Address, int Port, bool IsLocal, bool IsReady, bool IsServing, bool IsTerminating)
{
    /// <summary>As in a URL: IPv6 addresses in brackets.</summary>
    public override string ToString() => Address.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}
