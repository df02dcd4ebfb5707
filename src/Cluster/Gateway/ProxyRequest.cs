using System.Globalization;
using System.Text;

namespace MiniKube.Cluster.Gateway;

/// <summary>
/// The head of a request to an HTTP proxy (RFC 9110, 9.3.6; RFC 9112, 3.2.2): where it wants to go, and what is to be sent there first. For CONNECT that is nothing; a
/// plain request goes on in origin form, with <c>Connection: close</c>, so that one connection carries one request.
/// </summary>
internal sealed record ProxyRequest(string Host, int Port, string Forward)
{
    private const int DefaultPort = 80;

    public bool IsConnect => Forward.Length == 0;

    /// <summary>Reads a head, all lines up to the empty one. Null if it is not a request that a proxy can serve.</summary>
    public static ProxyRequest? Parse(string head)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0].Split(' ') is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"])
        {
            return null;
        }

        return method == "CONNECT" ? ParseAuthority(target) : ParsePlain(method, target, lines[1..]);
    }

    private static ProxyRequest? ParseAuthority(string target)
    {
        var colon = target.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(target[(colon + 1)..], CultureInfo.InvariantCulture, out var port) && port > 0
            ? new ProxyRequest(target[..colon].Trim('[', ']'), port, "")
            : null;
    }

    private static ProxyRequest? ParsePlain(string method, string target, IEnumerable<string> headers)
    {
        if (!Uri.TryCreate(target, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            return null;
        }

        var forward = new StringBuilder($"{method} {uri.PathAndQuery} HTTP/1.1\r\n");
        foreach (var header in headers.Where(header => !IsHopByHop(header)))
        {
            forward.Append(header).Append("\r\n");
        }

        return new ProxyRequest(uri.Host.Trim('[', ']'), uri.Port > 0 ? uri.Port : DefaultPort, forward.Append("Connection: close\r\n\r\n").ToString());
    }

    private static bool IsHopByHop(string header) =>
        header.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase) || header.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase);
}
