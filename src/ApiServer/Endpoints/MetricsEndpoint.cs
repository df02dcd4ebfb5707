using MiniKube.ApiServer.Filters;

using Prometheus;

namespace MiniKube.ApiServer.Endpoints;

/// <summary><c>/metrics</c> in Prometheus' text form.</summary>
internal sealed class MetricsEndpoint(CollectorRegistry registry) : IPathEndpoint
{
    public async Task<bool> TryHandleAsync(ApiRequest request)
    {
        if (request.Info.Path != "/metrics")
        {
            return false;
        }

        var response = request.Http.Response;
        response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await registry.CollectAndExportAsTextAsync(response.Body, request.Cancellation);
        return true;
    }
}
