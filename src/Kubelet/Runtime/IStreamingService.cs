using System.Net.Sockets;

using MiniKube.Kubelet.Streaming.Commands;

namespace MiniKube.Kubelet.Runtime;

/// <summary>
/// Joins clients with what runs in containers and sandboxes. What the runtime refuses is a <see cref="ContainerRuntimeException"/>; an <see cref="IOException"/> comes
/// from the client's side.
/// </summary>
internal interface IStreamingService
{
    /// <summary>Runs a command in a container and returns its exit code. When cancelled, the command is told that its terminal hung up.</summary>
    Task<long> ExecAsync(string containerId, IReadOnlyList<string> command, bool tty, CommandStreams streams, CancellationToken cancellationToken);

    /// <summary>Joins the container's own process until that ends, which goes on when this is cancelled.</summary>
    Task AttachAsync(string containerId, bool tty, CommandStreams streams, CancellationToken cancellationToken);

    /// <summary>A connection with a port on the loopback of a sandbox.</summary>
    Task<Socket> DialAsync(string sandboxId, int port, CancellationToken cancellationToken);
}
