using Microsoft.AspNetCore.Http.Features;

namespace MiniKube.Kubelet.Streaming.Spdy;

/// <summary>The server's half of the upgrade to SPDY/3.1, and the choice of what is spoken on it (X-Stream-Protocol-Version).</summary>
internal static class SpdyUpgrade
{
    public const string Protocol = "SPDY/3.1";

    private const string VersionHeader = "X-Stream-Protocol-Version";
    private const string AcceptedHeader = "X-Accepted-Stream-Protocol-Versions";

    /// <summary>The first of the client's versions that is spoken here. Clients of Kubernetes 1.0 named none: then it is the empty one. Null after refusing, as upstream does.</summary>
    public static async Task<string?> NegotiateAsync(HttpContext context, IReadOnlyList<string> versions)
    {
        var offered = context.Request.Headers[VersionHeader]
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        if (offered.Count == 0)
        {
            return "";
        }

        if (offered.FirstOrDefault(versions.Contains) is { } chosen)
        {
            return chosen;
        }

        context.Response.Headers[AcceptedHeader] = versions.ToArray();
        await PlainAnswer.RefuseAsync(context, StatusCodes.Status403Forbidden,
            $"unable to upgrade: unable to negotiate protocol: client supports [{string.Join(' ', offered)}], server accepts [{string.Join(' ', versions)}]");
        return null;
    }

    public static async Task<SpdyConnection> AcceptAsync(HttpContext context, string version, TimeProvider clock)
    {
        var upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        context.Response.Headers.Upgrade = Protocol;
        if (version.Length > 0)
        {
            context.Response.Headers[VersionHeader] = version;
        }

        return new SpdyConnection(await upgrade.UpgradeAsync(), clock);
    }
}
