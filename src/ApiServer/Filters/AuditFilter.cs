using MiniKube.ApiServer.Auditing;

namespace MiniKube.ApiServer.Filters;

/// <summary>Writes down who asked for what, and what was answered. It stands outside of what turns failures into answers, and is there only when the log is on.</summary>
internal sealed class AuditFilter(AuditLog log, TimeProvider clock) : IFilter
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var received = clock.GetUtcNow();
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Features.Get<ApiRequest>() is { } request)
            {
                log.Write(AuditEvent.Of(request, received, clock.GetUtcNow()).ToJsonString());
            }
        }
    }
}
