using System.Globalization;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Streaming;
using MiniKube.Kubelet.Streaming.Commands;

namespace MiniKube.Kubelet.Server;

/// <summary><c>/exec</c> and <c>/attach</c> <c>/{namespace}/{pod}[/{uid}]/{container}</c>: joins a client with a new process in a container, or with the container's own.</summary>
internal sealed class CommandEndpoint(PodLookup pods, TimeProvider clock, CancellationToken stopping)
{
    public Task ExecAsync(HttpContext context) => HandleAsync(context, "executing command in", async (target, options, streams, cancellationToken) =>
        Ended(await target.Runtime.Streaming.ExecAsync(target.ContainerId, options.Command, options.Tty, streams, cancellationToken)));

    public Task AttachAsync(HttpContext context) => HandleAsync(context, "attaching to", async (target, _, streams, cancellationToken) =>
    {
        await target.Runtime.Streaming.AttachAsync(target.ContainerId, target.Container is { StdinOnce: true, Tty: not true }, streams, cancellationToken);
        return Ended(0);
    });

    private async Task HandleAsync(
        HttpContext context, string doing, Func<Target, CommandOptions, CommandStreams, CancellationToken, Task<V1Status>> run)
    {
        var options = CommandOptions.Parse(context.Request.Query);
        if (await FindAsync(context) is not { } target)
        {
            return;
        }

        if (options.IsEmpty)
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "you must specify at least 1 of stdin, stdout, stderr");
            return;
        }

        await using var connection = await CommandHandshake.AcceptAsync(context, options, clock);
        if (connection is null)
        {
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(connection.Lost, stopping);
        try
        {
            var status = await TryAsync(() => run(target, options, connection.Streams, ended.Token), doing);
            await connection.FinishAsync(status, ended.Token);
        }
        catch (Exception exception) when (exception is IOException || (exception is OperationCanceledException && ended.IsCancellationRequested))
        {
            // The client has gone, or the kubelet stops: nobody is left to be told how it ended.
        }
    }

    private static async Task<V1Status> TryAsync(Func<Task<V1Status>> run, string doing)
    {
        try
        {
            return await run();
        }
        catch (ContainerRuntimeException exception)
        {
            return StatusException.InternalError($"error {doing} container: {exception.Message}").Status;
        }
    }

    private async Task<Target?> FindAsync(HttpContext context)
    {
        if (pods.Find(context) is not var (agent, pod))
        {
            await PlainAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "pod does not exist");
            return null;
        }

        var name = PodLookup.ContainerOf(context);
        var status = await agent.Runtime.GetPodAsync(pod.Uid(), context.RequestAborted);
        if (pod.AllContainers().FirstOrDefault(container => container.Name == name) is { } spec
            && status.Container(name) is { State: ContainerRunState.Running } running)
        {
            return new Target(agent.Runtime, running.Id, spec);
        }

        await PlainAnswer.RefuseAsync(context, StatusCodes.Status500InternalServerError, $"container not found (\"{name}\")");
        return null;
    }

    /// <summary>How a process ended, as clients know it: the exit code is a cause.</summary>
    private static V1Status Ended(long exitCode) => exitCode == 0 ? new V1Status { Status = "Success" } : new V1Status
    {
        Status = "Failure",
        Message = string.Create(CultureInfo.InvariantCulture, $"command terminated with non-zero exit code: exit status {exitCode}"),
        Reason = "NonZeroExitCode",
        Details = new V1StatusDetails { Causes = [new V1StatusCause { Reason = "ExitCode", Message = exitCode.ToString(CultureInfo.InvariantCulture) }] },
    };

    private sealed record Target(IContainerRuntime Runtime, string ContainerId, V1Container Container);
}
