using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Kubelet.Node;

namespace MiniKube.Kubelet.Server;

/// <summary>Finds the pod that a path is about, among those of all nodes of this process.</summary>
internal sealed class PodLookup(IReadOnlyList<NodeAgent> agents)
{
    /// <summary>By the path's namespace and name and, if the path has one, its uid.</summary>
    public (NodeAgent Agent, V1Pod Pod)? Find(HttpContext context)
    {
        var (key, uid) = (KeyOf(context), Route(context, "podUid"));
        foreach (var agent in agents)
        {
            if (agent.Pods.Find(key) is { } pod && (uid.Length == 0 || pod.Metadata?.Uid == uid))
            {
                return (agent, pod);
            }
        }

        return null;
    }

    public static NamespacedName KeyOf(HttpContext context) => new(Route(context, "podNamespace"), Route(context, "podId"));

    public static string ContainerOf(HttpContext context) => Route(context, "containerName");

    private static string Route(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";
}
