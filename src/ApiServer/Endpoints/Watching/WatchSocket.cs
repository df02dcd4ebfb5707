using System.Net.WebSockets;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>The WebSocket of a watch or a log. The client says nothing on it; that it closes it is all there is to hear.</summary>
internal sealed class WatchSocket : IAsyncDisposable
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _listening;

    public WatchSocket(WebSocket socket, TimeProvider clock)
    {
        _socket = socket;
        _clock = clock;
        _listening = ListenAsync();
    }

    /// <summary>The client is gone or going.</summary>
    public CancellationToken Closed => _closed.Token;

    public IWatchOutput Output(WebSocketMessageType type) => new WebSocketWatchOutput(_socket, type);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(ClosePatience, _clock);
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }

            await _listening.WaitAsync(patience.Token);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // It does not listen any more: nothing to close in good order.
            _socket.Abort();
        }

        await _listening;
        _socket.Dispose();
        _closed.Dispose();
    }

    private async Task ListenAsync()
    {
        var ignored = new byte[1024];
        try
        {
            while (_socket.State is WebSocketState.Open or WebSocketState.CloseSent
                && (await _socket.ReceiveAsync(ignored.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // Whatever a client says to a watch is ignored, as upstream does.
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection broke: closed all the same.
        }

        await _closed.CancelAsync();
    }
}
