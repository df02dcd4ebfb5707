namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>A client's request as it is sent on to a backend.</summary>
internal static class BackendRequest
{
    /// <summary>What concerns one connection only (RFC 9110, 7.6.1), and who the client is to this server.</summary>
    private static readonly HashSet<string> KeptBack = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Authorization", "Content-Length", "Host", "X-Remote-User", "X-Remote-Group",
    };

    /// <summary>Method and headers, and the body if there is one.</summary>
    public static HttpRequestMessage Create(HttpContext context, Uri address)
    {
        var message = WithHeaders(context, address);
        var request = context.Request;
        if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            message.Content = new StreamContent(request.Body);
            message.Content.Headers.ContentLength = request.ContentLength;
            foreach (var (name, values) in request.Headers)
            {
                if (IsPassedOn(name) && name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
                {
                    message.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
                }
            }
        }

        return message;
    }

    /// <summary>Asks the backend for the same upgrade as the client asks for.</summary>
    public static HttpRequestMessage CreateUpgrade(HttpContext context, Uri address)
    {
        var message = WithHeaders(context, address);
        message.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        message.Headers.TryAddWithoutValidation("Upgrade", context.Request.Headers.Upgrade.AsEnumerable());
        return message;
    }

    /// <summary>As upstream judges it, which leaves the rest to the backend.</summary>
    public static bool IsUpgrade(HttpRequest request) =>
        request.Headers.Connection.Any(value => value?.Contains("upgrade", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Whether a header of a request or an answer is more than one connection's affair.</summary>
    public static bool IsPassedOn(string name) => !KeptBack.Contains(name) && !name.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase);

    private static HttpRequestMessage WithHeaders(HttpContext context, Uri address)
    {
        var message = new HttpRequestMessage(new HttpMethod(context.Request.Method), address)
        {
            Version = System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (IsPassedOn(name) && name[0] != ':')
            {
                message.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        var forwarded = context.Request.Headers["X-Forwarded-For"].Append($"{context.Connection.RemoteIpAddress}");
        message.Headers.Remove("X-Forwarded-For");
        message.Headers.TryAddWithoutValidation("X-Forwarded-For", string.Join(", ", forwarded));
        return message;
    }
}
