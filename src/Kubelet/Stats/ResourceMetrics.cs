using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Stats;

/// <summary><c>/metrics/resource</c>: CPU and memory of the node, its pods and their containers, under upstream's names.</summary>
internal static class ResourceMetrics
{
    private const double Nanoseconds = 1e9;

    public static string Write(ResourceUsage node, IReadOnlyList<PodUsage> pods)
    {
        var text = new MetricsText();
        text.Metric("container_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the container in core-seconds");
        ForEachContainer(pods, (pod, container) => text.Sample(container.Usage.CpuNanoseconds / Nanoseconds, container.Usage.Time, Labels(pod, container)));
        text.Metric("container_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the container in bytes");
        ForEachContainer(pods, (pod, container) => text.Sample(container.Usage.WorkingSet, container.Usage.Time, Labels(pod, container)));
        text.Metric("container_start_time_seconds", "gauge", "[STABLE] Start time of the container since unix epoch in seconds");
        ForEachContainer(pods, (pod, container) => text.Sample(container.StartedAt.ToUnixTimeMilliseconds() / 1000.0, null, Labels(pod, container)));
        text.Metric("node_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the node in core-seconds")
            .Sample(node.CpuNanoseconds / Nanoseconds, node.Time);
        text.Metric("node_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the node in bytes").Sample(node.WorkingSet, node.Time);
        text.Metric("pod_cpu_usage_seconds_total", "counter", "[STABLE] Cumulative cpu time consumed by the pod in core-seconds");
        foreach (var pod in pods)
        {
            text.Sample(pod.Total.CpuNanoseconds / Nanoseconds, pod.Total.Time, ("namespace", pod.Pod.Namespace()), ("pod", pod.Pod.Name()));
        }

        text.Metric("pod_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the pod in bytes");
        foreach (var pod in pods)
        {
            text.Sample(pod.Total.WorkingSet, pod.Total.Time, ("namespace", pod.Pod.Namespace()), ("pod", pod.Pod.Name()));
        }

        text.Metric("resource_scrape_error", "gauge", "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise").Sample(0);
        return text.ToString();
    }

    private static (string Name, string Value)[] Labels(PodUsage pod, ContainerUsage container) =>
        [("container", container.Name), ("namespace", pod.Pod.Namespace()), ("pod", pod.Pod.Name())];

    private static void ForEachContainer(IReadOnlyList<PodUsage> pods, Action<PodUsage, ContainerUsage> write)
    {
        foreach (var pod in pods)
        {
            foreach (var container in pod.Containers)
            {
                write(pod, container);
            }
        }
    }
}
