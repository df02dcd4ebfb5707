using System.Net.Sockets;

using MiniKube.Kubelet.Streaming.Commands;

namespace MiniKube.Kubelet.Runtime.Hollow;

/// <summary>Nothing runs in a hollow pod that could be joined.</summary>
internal sealed class HollowStreaming : IStreamingService
{
    private const string Refusal = "this is a hollow node: its pods run nothing";

    public Task<long> ExecAsync(string containerId, IReadOnlyList<string> command, bool tty, CommandStreams streams, CancellationToken cancellationToken) =>
        Task.FromException<long>(new ContainerRuntimeException(Refusal));

    public Task AttachAsync(string containerId, bool endsInput, CommandStreams streams, CancellationToken cancellationToken) =>
        Task.FromException(new ContainerRuntimeException(Refusal));

    public Task<Socket> DialAsync(string sandboxId, int port, CancellationToken cancellationToken) =>
        Task.FromException<Socket>(new ContainerRuntimeException(Refusal));
}
