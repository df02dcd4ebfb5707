using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>Knows where requests to objects of one kind are proxied to.</summary>
internal interface IProxyTargets
{
    /// <summary>The resource in the core group: pods, services or nodes.</summary>
    string Resource { get; }

    /// <summary>The kind of its options, such as PodProxyOptions.</summary>
    string OptionsKind { get; }

    Task<ProxyTarget> FindAsync(ApiRequest request, ServedResource resource);
}
