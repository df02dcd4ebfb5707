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
    /// <param name="containerId">Of a container that runs.</param>
    /// <param name="endsInput">Whether the end of the client's input is that of the process's: not so if others may attach after it.</param>
    /// <param name="streams">The client's.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    Task AttachAsync(string containerId, bool endsInput, CommandStreams streams, CancellationToken cancellationToken);

    /// <summary>A connection with a port on the loopback of a sandbox.</summary>
    Task<Socket> DialAsync(string sandboxId, int port, CancellationToken cancellationToken);
}
