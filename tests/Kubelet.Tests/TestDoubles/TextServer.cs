using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>A server on loopback that answers each connection as a test says, one after the other, and keeps what it was sent.</summary>
internal sealed class TextServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly Func<string, string?> _answer;

    /// <param name="answer">The answer to a request's head; null keeps the connection open without one.</param>
    public TextServer(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _running = RunAsync(_stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(cancellationToken);
            await using var stream = client.GetStream();
            var head = await ReadHeadAsync(stream, cancellationToken);
            if (_answer(head) is not { } answer)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return;
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
        }
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            head.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return head.ToString();
    }
}
