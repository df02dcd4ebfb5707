using System.Net;
using System.Net.Sockets;

namespace MiniKube.TestSupport;

/// <summary>
/// A wire that can be made to lose what goes one way, without telling either side. A connection that has lost something never goes on behind the gap, as TCP never
/// does: it ends when it is used again after the wire was mended.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<TcpClient> _clients = [];
    private Uri _target;
    private readonly Task _accepting;

    public FaultyProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public bool LoseRequests { get; set; }

    public bool LoseAnswers { get; set; }

    /// <summary>Ends all connections; those that come lead to another place.</summary>
    public void Lead(Uri target)
    {
        _target = target;
        lock (_clients)
        {
            _clients.ForEach(client => client.Close());
            _clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(JoinAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task JoinAsync(TcpClient client)
    {
        lock (_clients)
        {
            _clients.Add(client);
        }

        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_target.Host, _target.Port, _stopping.Token);
                await Task.WhenAny(
                    CopyAsync(client.GetStream(), server.GetStream(), () => LoseRequests),
                    CopyAsync(server.GetStream(), client.GetStream(), () => LoseAnswers));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The wire ends where either side does.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<bool> isLost)
    {
        var buffer = new byte[64 * 1024];
        var hasLost = false;
        while (await from.ReadAsync(buffer, _stopping.Token) is var count and > 0)
        {
            if (isLost())
            {
                hasLost = true;
            }
            else if (hasLost)
            {
                return;
            }
            else
            {
                await to.WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
            }
        }
    }
}
