using System.Net;
using System.Net.Sockets;

using MiniKube.Hosting;

namespace MiniKube.Kubelet.Network;

/// <summary>The network in which a node's pods can be reached.</summary>
/// <param name="file">Its namespace; empty for the one that this process lives in.</param>
internal sealed class NodeNetwork(string file)
{
    /// <summary>A connection with a port, by address or name. Failures are <see cref="SocketException"/>.</summary>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        for (var i = 0; ; i++)
        {
            var socket = CreateSocket(addresses[i].AddressFamily);
            try
            {
                socket.NoDelay = true;
                await socket.ConnectAsync(addresses[i], port, cancellationToken);
                return socket;
            }
            catch (Exception exception)
            {
                socket.Dispose();
                if (exception is not SocketException || i == addresses.Length - 1)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>For an HttpClient: every connection it makes is one of this network.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        new NetworkStream(await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken), ownsSocket: true);

    /// <summary>A command as it is to be started so that it sees this network.</summary>
    public (string Program, IReadOnlyList<string> Arguments) Command(string program, params IEnumerable<string> arguments) =>
        file.Length == 0 ? (program, [.. arguments]) : ("nsenter", [$"--net={file}", program, .. arguments]);

    private Socket CreateSocket(AddressFamily family) =>
        file.Length == 0 ? new Socket(family, SocketType.Stream, ProtocolType.Tcp) : new NetworkNamespace(file).CreateSocket(family);
}
