namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>Makes addresses in a backend's answer lead through the proxy: a path of the backend becomes one below the prefix.</summary>
/// <param name="prefix">The path of the proxy, without a slash at its end.</param>
/// <param name="backendHost">The backend's host and port as dialled.</param>
/// <param name="requestHost">The Host that the client asked for.</param>
internal sealed class ProxyLinks(string prefix, string backendHost, string requestHost)
{
    /// <summary>Relative addresses, and those of other hosts, stay as they are.</summary>
    public string Rewrite(string link)
    {
        var path = link;
        var ownsHost = false;
        if (Authority(link) is var (host, rest))
        {
            if (host != backendHost && host != requestHost)
            {
                return link;
            }

            ownsHost = host == requestHost;
            path = rest.Length == 0 ? "/" : rest;
        }

        if (!path.StartsWith('/'))
        {
            return link;
        }

        if (path.StartsWith(prefix, StringComparison.Ordinal))
        {
            // It leads here already, whether it says by which host or not.
            return ownsHost ? link : path;
        }

        return prefix + path;
    }

    // scheme://host/path or //host/path
    private static (string Host, string Path)? Authority(string link)
    {
        var start = link.IndexOf("//", StringComparison.Ordinal);
        if (start < 0 || (start > 0 && (link[start - 1] != ':' || link.AsSpan(0, start - 1).ContainsAny("/?#"))))
        {
            return null;
        }

        var rest = link[(start + 2)..];
        var end = rest.AsSpan().IndexOfAny('/', '?', '#');
        return end < 0 ? (rest, "") : (rest[..end], rest[end..]);
    }
}
