using System.Net;

namespace MiniKube.Proxy.Serving;

/// <summary>Where the proxy tells of itself, without TLS as upstream's. Null serves nothing there.</summary>
internal sealed record ProxyServingOptions
{
    /// <summary>Flag: --healthz-bind-address.</summary>
    public IPEndPoint? Healthz { get; init; }

    /// <summary>Flag: --metrics-bind-address.</summary>
    public IPEndPoint? Metrics { get; init; }
}
