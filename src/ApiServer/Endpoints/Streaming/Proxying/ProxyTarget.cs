using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>Where a proxied request goes: scheme, host and port; the path is the request's.</summary>
internal sealed record ProxyTarget(string Scheme, string Host, string Port, BackendClient Client)
{
    /// <summary>Whether the backend hears the Host that the client asked for. Not where TLS is checked: the name would be looked for in the certificate.</summary>
    public bool HearsHost { get; init; } = true;

    /// <param name="path">Escaped, with its query.</param>
    public Uri Address(string path)
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        var port = Port.Length > 0 ? $":{Port}" : "";
        return Uri.TryCreate($"{(Scheme.Length > 0 ? Scheme : "http")}://{host}{port}{path}", UriKind.Absolute, out var address)
            ? address
            : throw StatusException.BadRequest($"invalid port {GoText.Quote(Port)}");
    }
}
