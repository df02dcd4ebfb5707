using MiniKube.ApiServer.Metrics;

namespace MiniKube.ApiServer.Filters;

/// <summary>Outermost, so that it sees what was answered: counts and times what something served.</summary>
internal sealed class MetricsFilter(RequestMetrics metrics, TimeProvider clock) : IFilter
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var began = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Features.Get<ApiRequest>() is { Route: { } route } request)
            {
                metrics.End(request, route, clock.GetElapsedTime(began));
            }
        }
    }
}
