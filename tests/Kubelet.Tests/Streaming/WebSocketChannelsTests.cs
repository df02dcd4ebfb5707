using System.Net.WebSockets;
using System.Text;

using MiniKube.Kubelet.Streaming.WebSockets;

namespace MiniKube.Kubelet.Tests.Streaming;

/// <summary>Channels over a WebSocket, in each of their forms.</summary>
public sealed class WebSocketChannelsTests : IDisposable
{
    private static readonly ChannelProtocol V5 = ChannelProtocol.OfCommands[0];
    private static readonly ChannelProtocol V4 = ChannelProtocol.OfCommands[1];
    private static readonly ChannelProtocol Base64 = ChannelProtocol.OfCommands[2];

    private readonly WebSocket _client;
    private readonly WebSocket _socket;

    public WebSocketChannelsTests()
    {
        var (client, server) = DuplexPipe.Create();
        _client = WebSocket.CreateFromStream(client, new WebSocketCreationOptions());
        _socket = WebSocket.CreateFromStream(server, new WebSocketCreationOptions { IsServer = true });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Message_InPieces_GoesToItsChannelWhole()
    {
        await using var server = new WebSocketChannels(_socket, V5, 3, TimeProvider.System);

        await _client.SendAsync(new byte[] { 1 }, WebSocketMessageType.Binary, endOfMessage: false, Token);
        await _client.SendAsync("one "u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: false, Token);
        await _client.SendAsync("message"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, Token);
        await SendAsync(2, "other");
        await SendAsync(255, "\u0001");

        Assert.Equal("one message", await ReadAllAsync(server, 1));
    }

    // Nothing, a channel that there is not, the end of one that there is not, an end without a number: upstream passes over them too.
    [Theory]
    [InlineData("")]
    [InlineData("0961")]
    [InlineData("ff63")]
    [InlineData("ff")]
    public async Task Message_ThatMeansNothing_IsPassedOver(string hex)
    {
        await using var server = new WebSocketChannels(_socket, V5, 1, TimeProvider.System);

        await _client.SendAsync(Convert.FromHexString(hex), WebSocketMessageType.Binary, endOfMessage: true, Token);
        await SendAsync(0, "after");
        await SendAsync(255, "\0");

        Assert.Equal("after", await ReadAllAsync(server, 0));
    }

    [Fact]
    public async Task CloseSignal_BeforeV5_IsAChannelThatThereIsNot()
    {
        await using var server = new WebSocketChannels(_socket, V4, 1, TimeProvider.System);

        await SendAsync(255, "\0");
        await SendAsync(0, "still open");
        await _client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Token);

        Assert.Equal("still open", await ReadAllAsync(server, 0));
    }

    [Fact]
    public async Task Base64_IsTextInBothDirections()
    {
        await using var server = new WebSocketChannels(_socket, Base64, 2, TimeProvider.System);

        await _client.SendAsync(Encoding.ASCII.GetBytes("0" + Convert.ToBase64String([0, 255, 10])), WebSocketMessageType.Text, endOfMessage: true, Token);
        var bytes = new byte[3];
        await server.Channel(0).ReadExactlyAsync(bytes, Token);
        await server.Channel(1).WriteAsync("hello"u8.ToArray(), Token);

        Assert.Equal([0, 255, 10], bytes);
        var buffer = new byte[100];
        var received = await _client.ReceiveAsync(buffer.AsMemory(), Token);
        Assert.Equal(WebSocketMessageType.Text, received.MessageType);
        Assert.Equal("1aGVsbG8=", Encoding.ASCII.GetString(buffer, 0, received.Count));
    }

    [Theory]
    [InlineData("0!!!!", 10, WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("0AAAA", 300_000, WebSocketCloseStatus.MessageTooBig)]
    public async Task Base64_ThatIsNoneOrTooLong_EndsTheConnection(string text, int times, WebSocketCloseStatus status)
    {
        var message = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times)));
        Task sending;
        await using (new WebSocketChannels(_socket, Base64, 2, TimeProvider.System))
        {
            sending = _client.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, Token);
            await _client.ReceiveAsync(new byte[100].AsMemory(), Token);
        }

        Assert.Equal(status, _client.CloseStatus);

        // What the server does not read any more need not get through.
        await Task.WhenAny(sending);
    }

    [Fact]
    public async Task Close_IsNormalAndWaitsForTheClients()
    {
        await using var server = new WebSocketChannels(_socket, V5, 1, TimeProvider.System);
        var closing = server.CloseAsync();

        await _client.ReceiveAsync(new byte[10].AsMemory(), Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, _client.CloseStatus);
        Assert.False(closing.IsCompleted);
        await _client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Token);

        await closing.WaitAsync(TimeSpan.FromSeconds(3), Token);
    }

    private static async Task<string> ReadAllAsync(WebSocketChannels server, int channel)
    {
        using var reader = new StreamReader(server.Channel(channel));
        return await reader.ReadToEndAsync(Token);
    }

    private Task SendAsync(byte channel, string text) =>
        _client.SendAsync(new ArraySegment<byte>([channel, .. Encoding.UTF8.GetBytes(text)]), WebSocketMessageType.Binary, endOfMessage: true, Token);
}
