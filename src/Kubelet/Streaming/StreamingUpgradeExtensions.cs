using Microsoft.AspNetCore.Http.Features;

using MiniKube.Kubelet.Streaming.Spdy;

namespace MiniKube.Kubelet.Streaming;

/// <summary>Reads what a client would like its connection to become.</summary>
internal static class StreamingUpgradeExtensions
{
    public static StreamingUpgrade WantedUpgrade(this HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
        {
            return StreamingUpgrade.None;
        }

        var wanted = context.Request.Headers.Upgrade.ToString();
        return wanted.Equals("websocket", StringComparison.OrdinalIgnoreCase) ? StreamingUpgrade.WebSocket
            : wanted.Contains(SpdyUpgrade.Protocol, StringComparison.OrdinalIgnoreCase) ? StreamingUpgrade.Spdy
            : StreamingUpgrade.None;
    }
}
