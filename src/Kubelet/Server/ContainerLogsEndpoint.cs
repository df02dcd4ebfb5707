using k8s.Models;

using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Streaming;

namespace MiniKube.Kubelet.Server;

/// <summary><c>GET /containerLogs/{namespace}/{pod}/{container}</c>: what the API server's log subresource passes on.</summary>
internal sealed class ContainerLogsEndpoint(PodLookup pods, TimeProvider clock)
{
    public async Task HandleAsync(HttpContext context)
    {
        var (key, name) = (PodLookup.KeyOf(context), PodLookup.ContainerOf(context));
        var query = LogQuery.Parse(context.Request.Query, clock);
        if (query.Error is { } error)
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        if (pods.Find(context) is not var (agent, pod))
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, $"pod \"{key.Name}\" not found in namespace \"{key.Namespace}\"");
            return;
        }

        if (pod.AllContainers().All(container => container.Name != name))
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, $"container \"{name}\" not found in pod \"{key.Name}\"");
            return;
        }

        var status = await agent.Runtime.GetPodAsync(pod.Uid(), context.RequestAborted);
        if (Choose(status, name, query.Previous) is not { } container)
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, WhyNot(agent, pod, name, query.Previous));
            return;
        }

        await CopyAsync(context, agent, container, query.Options);
    }

    /// <summary>The newest container that was started: one that was only created has no log, but the one before it has.</summary>
    private static RuntimeContainer? Choose(RuntimePod status, string name, bool previous) =>
        status.Containers.Where(container => container.Name == name && container.State != ContainerRunState.Created).Skip(previous ? 1 : 0).FirstOrDefault();

    private static string WhyNot(NodeAgent agent, V1Pod pod, string name, bool previous)
    {
        if (previous)
        {
            return $"previous terminated container \"{name}\" in pod \"{pod.Name()}\" not found";
        }

        var statuses = agent.Statuses.Get(pod);
        var waiting = (statuses?.ContainerStatuses ?? []).Concat(statuses?.InitContainerStatuses ?? [])
            .FirstOrDefault(status => status.Name == name)?.State?.Waiting;
        var why = waiting?.Reason switch
        {
            "ErrImagePull" => "image can't be pulled",
            "ImagePullBackOff" => "trying and failing to pull image",
            var reason => reason ?? "ContainerCreating",
        };
        return $"container \"{name}\" in pod \"{pod.Name()}\" is waiting to start: {why}";
    }

    private static async Task CopyAsync(HttpContext context, NodeAgent agent, RuntimeContainer container, LogOptions options)
    {
        context.Response.ContentType = "text/plain";
        await context.Response.StartAsync(context.RequestAborted);
        try
        {
            await agent.Runtime.CopyLogsAsync(container.Id, options, context.Response.Body, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Who asked has gone.
        }
        catch (ContainerRuntimeException exception)
        {
            // The status is sent already: upstream, too, writes the error where the log would be.
            await context.Response.WriteAsync($"failed to read the log: {exception.Message}\n", context.RequestAborted);
        }
    }
}
