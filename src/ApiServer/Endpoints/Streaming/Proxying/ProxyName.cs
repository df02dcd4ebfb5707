using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>The name in a proxy's path: <c>name</c>, <c>name:port</c> or <c>scheme:name:port</c>. What is not said is empty.</summary>
internal readonly record struct ProxyName(string Scheme, string Name, string Port)
{
    /// <param name="text">From the path.</param>
    /// <param name="kind">For the message, such as <c>pod</c>.</param>
    public static ProxyName Parse(string text, string kind)
    {
        ProxyName? parsed = text.Split(':') switch
        {
            [var name] => new ProxyName("", name, ""),
            [var name, var port] => new ProxyName("", name, port),
            [var scheme, var name, var port] when scheme is "" or "http" or "https" => new ProxyName(scheme, name, port),
            _ => null,
        };
        return parsed is { Name.Length: > 0 } whole ? whole : throw StatusException.BadRequest($"invalid {kind} request {GoText.Quote(text)}");
    }
}
