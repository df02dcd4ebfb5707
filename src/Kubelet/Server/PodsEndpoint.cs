using k8s;
using k8s.Models;

using MiniKube.Kubelet.Node;

namespace MiniKube.Kubelet.Server;

/// <summary>The pods that this kubelet runs, as it sees them.</summary>
internal static class PodsEndpoint
{
    public static Task HandleAsync(HttpContext context, IReadOnlyList<NodeAgent> agents)
    {
        var pods = agents.SelectMany(agent => agent.Pods.Pods.Select(pod => pod with { Status = agent.Statuses.Get(pod) })).ToList();
        var list = new V1PodList { ApiVersion = "v1", Kind = "PodList", Metadata = new V1ListMeta(), Items = pods };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(KubernetesJson.Serialize(list), context.RequestAborted);
    }
}
