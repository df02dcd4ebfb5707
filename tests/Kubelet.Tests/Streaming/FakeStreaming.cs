using System.Globalization;
using System.Net.Sockets;
using System.Text;

using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Streaming.Commands;

namespace MiniKube.Kubelet.Tests.Streaming;

/// <summary>
/// Commands in memory: <c>cat</c> says what it hears, <c>both</c> says something on each stream, <c>exit N</c> ends so, <c>sizes</c> says the sizes of its
/// terminal, <c>wait</c> waits until it is told that its client is gone. Everything else is not found.
/// </summary>
internal sealed class FakeStreaming : IStreamingService
{
    private readonly TaskCompletionSource _hungUp = new();

    /// <summary>Where dialled ports lead; 0 refuses.</summary>
    public int Port { get; set; }

    /// <summary>A command that waits was told that its client is gone.</summary>
    public Task HungUp => _hungUp.Task;

    public async Task<long> ExecAsync(string containerId, IReadOnlyList<string> command, bool tty, CommandStreams streams, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case ["cat"]:
                await streams.Stdin!.CopyToAsync(streams.Stdout!, cancellationToken);
                return 0;
            case ["both"]:
                await streams.Stdout!.WriteAsync("out"u8.ToArray(), cancellationToken);
                await streams.Stderr!.WriteAsync("err"u8.ToArray(), cancellationToken);
                return 0;
            case ["exit", var code]:
                return long.Parse(code, CultureInfo.InvariantCulture);
            case ["sizes"]:
                await foreach (var size in streams.Sizes!.WithCancellation(cancellationToken))
                {
                    await streams.Stdout!.WriteAsync(Encoding.UTF8.GetBytes($"{size.Width}x{size.Height};"), cancellationToken);
                }

                return 0;
            case ["wait"]:
                await WaitAsync(cancellationToken);
                return 0;
            default:
                throw new ContainerRuntimeException($"exec: \"{string.Join(' ', command)}\": executable file not found in $PATH");
        }
    }

    public async Task AttachAsync(string containerId, bool endsInput, CommandStreams streams, CancellationToken cancellationToken) =>
        await streams.Stdout!.WriteAsync("attached"u8.ToArray(), cancellationToken);

    public async Task<Socket> DialAsync(string sandboxId, int port, CancellationToken cancellationToken)
    {
        if (Port == 0)
        {
            throw new ContainerRuntimeException("connection refused");
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", Port, cancellationToken);
        return socket;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        finally
        {
            _hungUp.TrySetResult();
        }
    }
}
