using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Stats;

namespace MiniKube.Kubelet.Server;

/// <summary>What the node and its pods use, for the metrics API (<c>/metrics/resource</c>), for dashboards (<c>/metrics/cadvisor</c>) and for people (<c>/stats/summary</c>).</summary>
internal sealed class StatsEndpoint(IReadOnlyList<NodeAgent> agents)
{
    // Hollow nodes of one process share its machine and its port.
    private readonly NodeStats _stats = agents[0].Stats;

    public async Task SummaryAsync(HttpContext context)
    {
        var only = context.Request.Query["only_cpu_and_memory"].FirstOrDefault() == "true";
        var pods = await PodsAsync(context);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new StatsSummary(_stats, pods, only).Write().ToJsonString(), context.RequestAborted);
    }

    public async Task ResourceAsync(HttpContext context) =>
        await WriteAsync(context, ResourceMetrics.Write(_stats.Node, await PodsAsync(context)));

    public async Task ContainersAsync(HttpContext context) =>
        await WriteAsync(context, ContainerMetrics.Write(_stats.Facts, _stats.Node, await PodsAsync(context)));

    /// <summary>The kubelet's own.</summary>
    public async Task KubeletAsync(HttpContext context)
    {
        var pods = await PodsAsync(context);
        var text = new MetricsText();
        text.Metric("kubelet_node_name", "gauge", "[ALPHA] The node's name. The count is always 1.").Sample(1, null, ("node", _stats.NodeName));
        text.Metric("kubelet_running_containers", "gauge", "[ALPHA] Number of containers currently running")
            .Sample(pods.Sum(pod => pod.Containers.Count()), null, ("container_state", "running"));
        text.Metric("kubelet_running_pods", "gauge", "[ALPHA] Number of pods that have a running pod sandbox").Sample(pods.Count(pod => pod.Sandbox is not null));
        await WriteAsync(context, text.ToString());
    }

    private async Task<IReadOnlyList<PodUsage>> PodsAsync(HttpContext context) =>
        [.. (await Task.WhenAll(agents.Select(agent => agent.Stats.PodsAsync(context.RequestAborted)))).SelectMany(pods => pods)];

    private static Task WriteAsync(HttpContext context, string text)
    {
        context.Response.ContentType = MetricsText.ContentType;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
