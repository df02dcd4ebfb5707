namespace MiniKube.ApiServer.Filters;

/// <summary>
/// Now and then a client of HTTP/2 is sent away (<c>--goaway-chance</c>): behind a load balancer it comes back on another server, so that one that has returned gets its share.
/// </summary>
internal sealed class GoAwayFilter(double chance, Random random) : IFilter
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (chance > 0 && HttpProtocol.IsHttp2(context.Request.Protocol) && random.NextDouble() < chance)
        {
            ConnectionEnd.Announce(context);
        }

        return next(context);
    }
}
