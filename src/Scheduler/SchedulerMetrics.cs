using MiniKube.Scheduler.Queue;

using Prometheus;

namespace MiniKube.Scheduler;

/// <summary>Upstream's metrics of scheduling.</summary>
internal sealed class SchedulerMetrics
{
    private readonly Counter _attempts;
    private readonly Histogram _duration;

    public SchedulerMetrics(IMetricFactory metrics, CollectorRegistry registry, SchedulingQueue queue)
    {
        _attempts = metrics.CreateCounter(
            "scheduler_schedule_attempts_total", "Number of attempts to schedule pods, by the result.", ["profile", "result"]);
        _duration = metrics.CreateHistogram(
            "scheduler_scheduling_algorithm_duration_seconds",
            "Scheduling algorithm latency in seconds",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0001, 2, 15) });
        var pending = metrics.CreateGauge("scheduler_pending_pods", "Number of pending pods, by the queue type.", ["queue"]);
        registry.AddBeforeCollectCallback(() =>
        {
            pending.WithLabels("active").Set(queue.Count(QueuedPodPlace.Active));
            pending.WithLabels("backoff").Set(queue.Count(QueuedPodPlace.Backoff));
            pending.WithLabels("unschedulable").Set(queue.Count(QueuedPodPlace.Unschedulable));
            pending.WithLabels("gated").Set(queue.Count(QueuedPodPlace.Gated));
        });
    }

    /// <summary>Counts a try.</summary>
    /// <param name="result">scheduled, unschedulable or error.</param>
    public void Attempted(string result) => _attempts.WithLabels(DefaultProfile.SchedulerName, result).Inc();

    /// <summary>Measures until disposed.</summary>
    public IDisposable MeasureAlgorithm() => _duration.NewTimer();
}
