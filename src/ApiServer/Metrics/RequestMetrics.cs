using System.Collections.Concurrent;
using System.Globalization;

using MiniKube.Api.Meta;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

using Prometheus;

namespace MiniKube.ApiServer.Metrics;

/// <summary>
/// Upstream's metrics of requests, with its names, labels and buckets. Only what something serves is counted: a client cannot make up labels (CVE-2020-8552). A
/// hot path: what is counted together is looked up once.
/// </summary>
internal sealed class RequestMetrics
{
    private const string Component = "apiserver";

    private static readonly string[] Labels = ["component", "group", "resource", "scope", "subresource", "verb", "version"];

    private readonly Counter _total;
    private readonly Histogram _duration;
    private readonly Histogram _indicator;
    private readonly Histogram _sizes;
    private readonly Gauge _longRunning;
    private readonly Gauge _deprecated;
    private readonly ConcurrentDictionary<(RequestRoute Route, int Code), Series> _series = new();

    public RequestMetrics(IMetricFactory metrics)
    {
        _total = metrics.CreateCounter(
            "apiserver_request_total",
            "Requests that were answered.",
            ["code", "component", "dry_run", "group", "resource", "scope", "subresource", "verb", "version"]);
        _duration = metrics.CreateHistogram(
            "apiserver_request_duration_seconds",
            "How long requests took.",
            ["component", "dry_run", "group", "resource", "scope", "subresource", "verb", "version"],
            new HistogramConfiguration { Buckets = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60] });
        _indicator = metrics.CreateHistogram(
            "apiserver_request_sli_duration_seconds",
            "How long requests took, without the time that webhooks and queues took.",
            Labels,
            new HistogramConfiguration { Buckets = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60] });
        _sizes = metrics.CreateHistogram(
            "apiserver_response_sizes",
            "Bytes of the answers to reads, before compression.",
            Labels,
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(1000, 10, 7) });
        _longRunning = metrics.CreateGauge("apiserver_longrunning_requests", "Watches and streams that are under way.", Labels);
        _deprecated = metrics.CreateGauge(
            "apiserver_requested_deprecated_apis",
            "Deprecated resources that were asked for.",
            ["group", "removed_release", "resource", "subresource", "version"]);
    }

    /// <summary>Something serves the request: it is counted when it ends, and while it lasts if it is a long one.</summary>
    public void Begin(ApiRequest request, ServedResource resource)
    {
        var route = request.Route = RouteOf(request, resource.Name, request.Info.Subresource);
        if (request.Info.IsLongRunning)
        {
            _longRunning.WithLabels(LabelsOf(route)).Inc();
        }

        if (resource.Strategy.Deprecation is not null)
        {
            _deprecated.WithLabels(route.Name.Group, "", route.Name.Resource, route.Subresource, route.Name.Version).Set(1);
        }
    }

    /// <summary>A path outside of the resources serves the request; upstream has it as the subresource of none.</summary>
    public static void Begin(ApiRequest request, string path) => request.Route = RouteOf(request, new GroupVersionResource("", "", ""), path);

    /// <summary>The request was sent away before anything served it: whether there is such a subresource nobody has looked.</summary>
    public void Drop(ApiRequest request, ServedResource resource) =>
        SeriesOf(RouteOf(request, resource.Name, ""), StatusCodes.Status429TooManyRequests).Total.Inc();

    /// <summary>The request has ended.</summary>
    public void End(ApiRequest request, RequestRoute route, TimeSpan elapsed)
    {
        if (request.Info is { IsLongRunning: true, IsResourceRequest: true })
        {
            _longRunning.WithLabels(LabelsOf(route)).Dec();
        }

        var series = SeriesOf(route, request.Http.Response.StatusCode);
        series.Total.Inc();
        series.Duration.Observe(elapsed.TotalSeconds);
        series.Indicator.Observe(elapsed.TotalSeconds);
        series.Sizes?.Observe(request.AnswerLength);
    }

    private static RequestRoute RouteOf(ApiRequest request, GroupVersionResource name, string subresource) => new(
        name,
        subresource,
        RequestVerb.Of(request.Info, request.Http.Request),
        RequestVerb.ScopeOf(request.Info),
        RequestVerb.DryRunOf(request.Http.Request.Query));

    private static string[] LabelsOf(RequestRoute route) =>
        [Component, route.Name.Group, route.Name.Resource, route.Scope, route.Subresource, route.Verb, route.Name.Version];

    private Series SeriesOf(RequestRoute route, int code) => _series.GetOrAdd((route, code), static (key, metrics) => metrics.MakeSeries(key.Route, key.Code), this);

    private Series MakeSeries(RequestRoute route, int code)
    {
        var (name, subresource, verb, scope, dryRun) = route;
        return new Series(
            _total.WithLabels(code.ToString(CultureInfo.InvariantCulture), Component, dryRun, name.Group, name.Resource, scope, subresource, verb, name.Version),
            _duration.WithLabels(Component, dryRun, name.Group, name.Resource, scope, subresource, verb, name.Version),
            _indicator.WithLabels(LabelsOf(route)),
            verb is "GET" or "LIST" ? _sizes.WithLabels(LabelsOf(route)) : null);
    }

    /// <summary>What is counted of one route and status; the sizes of answers only of reads.</summary>
    private sealed record Series(ICounter Total, IHistogram Duration, IHistogram Indicator, IHistogram? Sizes);
}
