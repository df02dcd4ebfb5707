using System.Globalization;

using k8s.Models;

using MiniKube.Api.Quantities;
using MiniKube.Client;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>Works out what each metric of an autoscaler calls for. Metrics of resources are supported; others need an adapter's API that no component here serves.</summary>
internal sealed class MetricEvaluator(MetricsReader metrics, ILister<V1Pod> pods)
{
    /// <summary>Throws AutoscalingException when the metric says nothing.</summary>
    public Task<Recommendation> EvaluateAsync(
        V2HorizontalPodAutoscaler autoscaler, ScaleTarget target, V2MetricSpec metric, DateTime now, CancellationToken cancellationToken) => metric switch
    {
        { Resource: { } resource } => EvaluateAsync(
            autoscaler, target, resource.Name, null, resource.Target, "FailedGetResourceMetric", now, cancellationToken),
        { ContainerResource: { } resource } => EvaluateAsync(
            autoscaler, target, resource.Name, resource.Container, resource.Target, "FailedGetContainerResourceMetric", now, cancellationToken),
        _ => throw new AutoscalingException(
            $"FailedGet{metric.Type}Metric",
            $"unable to get metric of type {metric.Type}: unable to fetch metrics from {(metric.Type == "External" ? "external" : "custom")} metrics API: the server could not find the requested resource"),
    };

    private async Task<Recommendation> EvaluateAsync(
        V2HorizontalPodAutoscaler autoscaler,
        ScaleTarget target,
        string resource,
        string? container,
        V2MetricTarget wanted,
        string failure,
        DateTime now,
        CancellationToken cancellationToken)
    {
        var kind = wanted.AverageValue is null ? "utilization" : "usage";
        try
        {
            var @namespace = autoscaler.Key().Namespace;
            var chosen = pods.List(@namespace).Where(pod => target.Selector.MatchesLabels(pod.Metadata?.Labels)).ToList();
            var usage = await metrics.ReadAsync(@namespace, target.Selector.ToString(), resource, container, cancellationToken);
            var calculator = new ReplicaCalculator(chosen, usage, now);
            return wanted.AverageValue is null
                ? ByUtilization(calculator, resource, container, wanted.AverageUtilization ?? 80, target.There)
                : ByAverage(calculator, resource, container, Quantity.From(wanted.AverageValue).MilliValue, target.There);
        }
        catch (InvalidOperationException exception)
        {
            throw new AutoscalingException(failure, $"failed to get {resource} {kind}: {exception.Message}");
        }
    }

    private static Recommendation ByUtilization(ReplicaCalculator calculator, string resource, string? container, int target, int current)
    {
        var (replicas, utilization, average) = calculator.ByUtilization(resource, container, target, current);
        return new Recommendation(
            replicas,
            $"{resource} {(container is null ? "" : "container ")}resource utilization (percentage of request)",
            Status(resource, container, new V2MetricValueStatus { AverageUtilization = utilization, AverageValue = Amount(average) }));
    }

    private static Recommendation ByAverage(ReplicaCalculator calculator, string resource, string? container, long target, int current)
    {
        var (replicas, average) = calculator.ByAverage(resource, target, current);
        return new Recommendation(
            replicas, $"{resource} {(container is null ? "" : "container ")}resource", Status(resource, container, new V2MetricValueStatus { AverageValue = Amount(average) }));
    }

    private static V2MetricStatus Status(string resource, string? container, V2MetricValueStatus current) => container is null
        ? new V2MetricStatus { Type = "Resource", Resource = new V2ResourceMetricStatus { Name = resource, Current = current } }
        : new V2MetricStatus
        {
            Type = "ContainerResource",
            ContainerResource = new V2ContainerResourceMetricStatus { Name = resource, Container = container, Current = current },
        };

    private static ResourceQuantity Amount(long milli) =>
        new(milli % 1000 == 0 ? (milli / 1000).ToString(CultureInfo.InvariantCulture) : $"{milli.ToString(CultureInfo.InvariantCulture)}m");
}
