using System.Net;
using System.Net.Sockets;
using System.Text;

using Docker.DotNet;
using Docker.DotNet.Models;

using MiniKube.Hosting;
using MiniKube.Kubelet.Streaming.Commands;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>Joins clients with containers through the engine, and with ports of sandboxes past it.</summary>
internal sealed class DockerStreaming(DockerConnection docker, TimeProvider clock) : IStreamingService
{
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>How dockerd begins what it writes in place of output when a command could not be started.</summary>
    private const string StartFailure = "OCI runtime exec failed: ";

    /// <summary>A sequence that nobody types: without one, Docker leaves a terminal at ctrl-p ctrl-q.</summary>
    private const string DetachKeys = "ctrl-^,ctrl-^,ctrl-_,ctrl-_,ctrl-^,ctrl-^,ctrl-_,ctrl-_";

    private static readonly TimeSpan InspectInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan InspectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HangUpLimit = TimeSpan.FromSeconds(5);

    public async Task<long> ExecAsync(string containerId, IReadOnlyList<string> command, bool tty, CommandStreams streams, CancellationToken cancellationToken)
    {
        var create = new ContainerExecCreateParameters
        {
            AttachStdin = streams.Stdin is not null,
            AttachStdout = streams.Stdout is not null,
            AttachStderr = streams.Stderr is not null,
            TTY = tty,
            DetachKeys = DetachKeys,
            Cmd = [.. command],
        };
        var id = (await docker.CommandAsync((client, token) => client.Exec.CreateContainerExecAsync(containerId, create, token), cancellationToken)).ID;
        var output = new DockerOutput(streams, StartFailure);
        try
        {
            using var process = await docker.StreamAsync(client => client.Exec.StartContainerExecAsync(id, new ContainerExecStartParameters { TTY = tty }, cancellationToken));
            await JoinAsync(process, streams, !tty, output, size => ResizeExecAsync(id, size, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            await HangUpAsync(id, containerId);
            throw;
        }

        var exitCode = await ExitCodeAsync(id, cancellationToken);
        return output.Held is { } failure && exitCode is NotExecutable or NotFound
            ? throw new ContainerRuntimeException($"failed to exec in container: {Encoding.UTF8.GetString(failure.Span).TrimEnd()}")
            : await FlushAsync(output, exitCode, cancellationToken);
    }

    public async Task AttachAsync(string containerId, bool endsInput, CommandStreams streams, CancellationToken cancellationToken)
    {
        var attach = new ContainerAttachParameters
        {
            Stream = true,
            Stdin = streams.Stdin is not null,
            Stdout = streams.Stdout is not null,
            Stderr = streams.Stderr is not null,
            DetachKeys = DetachKeys,
        };
        using var process = await docker.StreamAsync(client => client.Containers.AttachContainerAsync(containerId, attach, cancellationToken));
        await JoinAsync(process, streams, endsInput, new DockerOutput(streams, ""), size => ResizeContainerAsync(containerId, size, cancellationToken), cancellationToken);
    }

    public async Task<Socket> DialAsync(string sandboxId, int port, CancellationToken cancellationToken)
    {
        var sandbox = await docker.AskAsync((client, token) => client.Containers.InspectContainerAsync(sandboxId, token), cancellationToken);
        var file = ContainerProcess.NetworkOf(sandbox.State?.Pid ?? 0, sandboxId) ?? throw new ContainerRuntimeException($"the network namespace of sandbox {sandboxId} is not there");
        var network = new NetworkNamespace(file);
        var failures = new List<string>();
        foreach (var (name, loopback) in ((string, IPAddress)[])[("IPv4", IPAddress.Loopback), ("IPv6", IPAddress.IPv6Loopback)])
        {
            try
            {
                var socket = network.CreateSocket(loopback.AddressFamily);
                try
                {
                    socket.NoDelay = true;
                    await socket.ConnectAsync(loopback, port, cancellationToken);
                    return socket;
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                failures.Add($"{name}: {DialError.Describe(loopback.ToString(), port, exception)}");
            }
        }

        throw new ContainerRuntimeException($"failed to connect to localhost:{port} inside namespace \"{sandboxId}\", {string.Join(' ', failures)}");
    }

    private static async Task JoinAsync(
        MultiplexedStream process, CommandStreams streams, bool endsInput, DockerOutput output, Func<TerminalSize, Task> resize, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var input = Task.WhenAll(SendInputAsync(process, streams.Stdin, endsInput, over.Token), FollowSizesAsync(streams.Sizes, resize, over.Token));
        try
        {
            await output.CopyAsync(process, cancellationToken);
        }
        finally
        {
            // What the process no longer reads is no longer sent.
            await over.CancelAsync();
            await input;
        }
    }

    private static async Task SendInputAsync(MultiplexedStream process, Stream? stdin, bool endsInput, CancellationToken cancellationToken)
    {
        if (stdin is null)
        {
            return;
        }

        try
        {
            var buffer = new byte[DockerOutput.BufferSize];
            while (await stdin.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                await process.WriteAsync(buffer, 0, count, cancellationToken);
            }

            // Docker ends the output, too, when the input of a terminal ends, or of a container that keeps its input open.
            if (endsInput)
            {
                process.CloseWrite();
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The process has closed its input or ended, or the client has gone: its output tells which.
        }
    }

    private static async Task FollowSizesAsync(IAsyncEnumerable<TerminalSize>? sizes, Func<TerminalSize, Task> resize, CancellationToken cancellationToken)
    {
        if (sizes is null)
        {
            return;
        }

        try
        {
            await foreach (var size in sizes.WithCancellation(cancellationToken))
            {
                await TryResizeAsync(resize, size);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // No more sizes, since no more client or process.
        }
    }

    private static async Task TryResizeAsync(Func<TerminalSize, Task> resize, TerminalSize size)
    {
        try
        {
            await resize(size);
        }
        catch (ContainerRuntimeException)
        {
            // A process that has just ended has no terminal any more.
        }
    }

    private Task ResizeExecAsync(string id, TerminalSize size, CancellationToken cancellationToken) =>
        docker.CommandAsync((client, token) => client.Exec.ResizeExecTtyAsync(id, ResizeOf(size), token), TimeSpan.Zero, cancellationToken);

    private Task ResizeContainerAsync(string id, TerminalSize size, CancellationToken cancellationToken) =>
        docker.CommandAsync((client, token) => client.Containers.ResizeContainerTtyAsync(id, ResizeOf(size), token), TimeSpan.Zero, cancellationToken);

    private static ContainerResizeParameters ResizeOf(TerminalSize size) => new() { Width = size.Width, Height = size.Height };

    private static async Task<long> FlushAsync(DockerOutput output, long exitCode, CancellationToken cancellationToken)
    {
        await output.FlushAsync(cancellationToken);
        return exitCode;
    }

    /// <summary>Docker ends the streams a moment before it knows the exit code.</summary>
    private async Task<long> ExitCodeAsync(string id, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var exec = await docker.AskAsync((client, token) => client.Exec.InspectContainerExecAsync(id, token), cancellationToken);
            if (!exec.Running)
            {
                return exec.ExitCode ?? 0;
            }

            if (clock.GetElapsedTime(started) > InspectLimit)
            {
                throw new ContainerRuntimeException("the command closed its output and runs on: its exit code is not known");
            }

            await Task.Delay(InspectInterval, clock, cancellationToken);
        }
    }

    // Docker has no call to end a command: one whose client has gone would stay as long as its container.
    private async Task HangUpAsync(string id, string containerId)
    {
        using var limit = new CancellationTokenSource(HangUpLimit, clock);
        try
        {
            var exec = await docker.AskAsync((client, token) => client.Exec.InspectContainerExecAsync(id, token), limit.Token);
            if (exec.Running)
            {
                ContainerProcess.HangUp(exec.Pid, containerId);
            }
        }
        catch (Exception exception) when (exception is ContainerRuntimeException or OperationCanceledException)
        {
            // The container has gone, and its processes with it; or the engine has, and cannot say which process it is.
        }
    }
}
