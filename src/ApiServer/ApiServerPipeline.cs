using MiniKube.ApiServer.Endpoints;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer;

/// <summary>The way of a request: this list, from top to bottom.</summary>
internal static class ApiServerPipeline
{
    public static void Build(IApplicationBuilder app, PipelineFilters filters, PathEndpoints endpoints)
    {
        app.Use(filters.Metrics.InvokeAsync);
        if (filters.Audit is { } audit)
        {
            app.Use(audit.InvokeAsync);
        }

        app.Use(filters.PanicRecovery.InvokeAsync);
        app.Use(filters.RequestInfo.InvokeAsync);
        app.Use(filters.Shutdown.InvokeAsync);
        app.Use(filters.GoAway.InvokeAsync);
        app.Use(filters.Deadline.InvokeAsync);
        app.Use(filters.Authentication.InvokeAsync);
        app.Use(filters.Impersonation.InvokeAsync);
        app.Use(filters.FlowControl.InvokeAsync);
        app.Use(filters.MaxInFlight.InvokeAsync);
        app.Use(filters.Authorization.InvokeAsync);
        app.Run(context => endpoints.HandleAsync(ApiRequest.Of(context)));
    }
}
