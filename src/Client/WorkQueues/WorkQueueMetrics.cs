using Prometheus;

namespace MiniKube.Client.WorkQueues;

/// <summary>client-go's metrics of one queue.</summary>
public sealed class WorkQueueMetrics(IMetricFactory factory, string name)
{
    private static readonly double[] Seconds = Histogram.ExponentialBuckets(10e-9, 10, 10);

    public IGauge Depth { get; } = factory.CreateGauge("workqueue_depth", "Current depth of workqueue", ["name"]).WithLabels(name);

    public ICounter Adds { get; } = factory.CreateCounter("workqueue_adds_total", "Total number of adds handled by workqueue", ["name"]).WithLabels(name);

    public ICounter Retries { get; } =
        factory.CreateCounter("workqueue_retries_total", "Total number of retries handled by workqueue", ["name"]).WithLabels(name);

    public IHistogram WorkDuration { get; } = factory.CreateHistogram(
        "workqueue_work_duration_seconds",
        "How long in seconds processing an item from workqueue takes.",
        ["name"],
        new HistogramConfiguration { Buckets = Seconds }).WithLabels(name);
}
