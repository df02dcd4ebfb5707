using System.Buffers;
using System.Net.WebSockets;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>One message an event: text for JSON, binary for protobuf.</summary>
internal sealed class WebSocketWatchOutput(WebSocket socket, WebSocketMessageType type) : IWatchOutput
{
    private const int FlushFrom = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _waiting = new();
    private readonly List<int> _ends = [];

    public bool IsLarge => _waiting.WrittenCount >= FlushFrom;

    public void Write(ReadOnlySpan<byte> bytes) => _waiting.Write(bytes);

    public void EndEvent() => _ends.Add(_waiting.WrittenCount);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var start = 0;
        foreach (var end in _ends)
        {
            await socket.SendAsync(_waiting.WrittenMemory[start..end], type, endOfMessage: true, cancellationToken);
            start = end;
        }

        _waiting.ResetWrittenCount();
        _ends.Clear();
    }
}
