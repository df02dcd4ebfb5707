namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>A proxied request's path, cut into what led to the proxy and what is meant for the backend.</summary>
/// <param name="Prefix">Up to and with <c>/proxy</c>.</param>
/// <param name="Rest">As the client escaped it; empty or beginning with a slash.</param>
/// <param name="Query">Empty or beginning with a question mark.</param>
internal sealed record ProxyPath(string Prefix, string Rest, string Query)
{
    /// <param name="target">As it stands in the request: path and query.</param>
    /// <param name="segments">How many segments the prefix has.</param>
    public static ProxyPath Parse(string target, int segments)
    {
        var queryStart = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = queryStart < 0 ? (target, "") : (target[..queryStart], target[queryStart..]);
        var end = 0;
        while (segments > 0 && end < path.Length)
        {
            while (end < path.Length && path[end] == '/')
            {
                end++;
            }

            while (end < path.Length && path[end] != '/')
            {
                end++;
            }

            segments--;
        }

        return new ProxyPath(path[..end], path[end..], query);
    }
}
