using k8s.Models;

using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Stats;

/// <summary><c>/metrics/cadvisor</c>: what dashboards read of containers, under cAdvisor's names. A sandbox is a container without a name, <c>POD</c> for its network.</summary>
internal static class ContainerMetrics
{
    private const double Nanoseconds = 1e9;

    public static string Write(NodeFacts facts, ResourceUsage node, IReadOnlyList<PodUsage> pods)
    {
        var text = new MetricsText();
        WriteMachine(text, facts);
        WriteUsage(text, "container_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed in seconds.", node, pods, usage => usage.CpuNanoseconds / Nanoseconds, ("cpu", "total"));
        WriteUsage(text, "container_memory_rss", "gauge", "Size of RSS in bytes.", node, pods, usage => usage.Rss);
        WriteUsage(text, "container_memory_usage_bytes", "gauge", "Current memory usage in bytes, including all memory regardless of when it was accessed", node, pods, usage => usage.Memory);
        WriteUsage(text, "container_memory_working_set_bytes", "gauge", "Current working set in bytes.", node, pods, usage => usage.WorkingSet);
        WriteUsage(text, "container_last_seen", "gauge", "Last time a container was seen by the exporter", node, pods, usage => usage.Time.ToUnixTimeSeconds());
        WriteLimits(text, pods);
        WriteNetwork(text, pods);
        return text.ToString();
    }

    private static void WriteMachine(MetricsText text, NodeFacts facts)
    {
        text.Metric("machine_cpu_cores", "gauge", "Number of logical CPU cores.").Sample(facts.Cpus, null, MachineLabels(facts));
        text.Metric("machine_memory_bytes", "gauge", "Amount of memory installed on the machine.").Sample(facts.Memory, null, MachineLabels(facts));
    }

    private static (string, string)[] MachineLabels(NodeFacts facts) =>
        [("boot_id", facts.BootId), ("machine_id", facts.MachineId), ("system_uuid", facts.SystemUuid)];

    private static void WriteUsage(
        MetricsText text, string name, string type, string help, ResourceUsage node, IReadOnlyList<PodUsage> pods, Func<ResourceUsage, double> value, params (string, string)[] more)
    {
        text.Metric(name, type, help).Sample(value(node), node.Time, Labels("", more, "/", "", "", ""));
        foreach (var pod in pods)
        {
            foreach (var container in pod.All)
            {
                text.Sample(value(container.Usage), container.Usage.Time, LabelsOf(pod, container, more));
            }
        }
    }

    private static void WriteLimits(MetricsText text, IReadOnlyList<PodUsage> pods)
    {
        text.Metric("container_spec_memory_limit_bytes", "gauge", "Memory limit for the container.");
        foreach (var (pod, container) in pods.SelectMany(pod => pod.Containers.Select(container => (pod, container))))
        {
            text.Sample((double)(LimitOf(pod.Pod, container, "memory") ?? 0), null, LabelsOf(pod, container, []));
        }

        text.Metric("container_start_time_seconds", "gauge", "Start time of the container since unix epoch in seconds.");
        foreach (var (pod, container) in pods.SelectMany(pod => pod.All.Select(container => (pod, container))))
        {
            text.Sample(container.StartedAt.ToUnixTimeSeconds(), null, LabelsOf(pod, container, []));
        }
    }

    private static void WriteNetwork(MetricsText text, IReadOnlyList<PodUsage> pods)
    {
        (string Name, string Help, Func<InterfaceUsage, long> Value)[] metrics =
        [
            ("container_network_receive_bytes_total", "Cumulative count of bytes received", device => device.ReceivedBytes),
            ("container_network_receive_errors_total", "Cumulative count of errors encountered while receiving", device => device.ReceiveErrors),
            ("container_network_receive_packets_total", "Cumulative count of packets received", device => device.ReceivedPackets),
            ("container_network_transmit_bytes_total", "Cumulative count of bytes transmitted", device => device.SentBytes),
            ("container_network_transmit_errors_total", "Cumulative count of errors encountered while transmitting", device => device.SendErrors),
            ("container_network_transmit_packets_total", "Cumulative count of packets transmitted", device => device.SentPackets),
        ];
        foreach (var (name, help, value) in metrics)
        {
            text.Metric(name, "counter", help);
            foreach (var (pod, sandbox) in pods.Where(pod => pod.Sandbox is not null).Select(pod => (pod, pod.Sandbox!)))
            {
                foreach (var device in sandbox.Interfaces)
                {
                    text.Sample(value(device), sandbox.Usage.Time, LabelsOf(pod, sandbox, [("interface", device.Name)]));
                }
            }
        }
    }

    private static decimal? LimitOf(V1Pod pod, ContainerUsage container, string name) =>
        pod.AllContainers().FirstOrDefault(spec => spec.Name == container.Name)?.Resources?.Limits is { } limits && limits.TryGetValue(name, out var limit) ? limit.ToDecimal() : null;

    private static (string, string)[] LabelsOf(PodUsage pod, ContainerUsage container, (string, string)[] more) =>
        Labels(container.IsSandbox ? "" : container.Name, more, container.Cgroup, container.Image, pod.Pod.Namespace(), pod.Pod.Name());

    private static (string, string)[] Labels(string container, (string, string)[] more, string id, string image, string @namespace, string pod) =>
        [.. new[] { ("container", container), ("id", id), ("image", image), ("namespace", @namespace), ("pod", pod) }.Concat(more).OrderBy(label => label.Item1, StringComparer.Ordinal)];
}
