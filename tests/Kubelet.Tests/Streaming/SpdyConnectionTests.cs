using MiniKube.Kubelet.Streaming.Spdy;

namespace MiniKube.Kubelet.Tests.Streaming;

/// <summary>The server's side of SPDY, frame by frame.</summary>
public sealed class SpdyConnectionTests : IAsyncLifetime
{
    private readonly SpdyClient _client;
    private readonly SpdyConnection _server;

    public SpdyConnectionTests()
    {
        var (client, server) = DuplexPipe.Create();
        _client = new SpdyClient(client);
        _server = new SpdyConnection(server, TimeProvider.System);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Stream_IsAcceptedBeforeAnythingIsSentOnIt_AndEndsInEachDirectionAlone()
    {
        await _client.OpenAsync(1, ("streamtype", "stdin"));
        await _client.SendAsync(1, "in", isLast: true);

        var opened = await _server.Opened.ReadAsync(Token);
        await opened.Stream.WriteAsync("out"u8.ToArray(), Token);
        await opened.Stream.EndAsync(Token);
        await opened.Stream.EndAsync(Token);

        Assert.Equal("stdin", opened.Type);
        using var reader = new StreamReader(opened.Stream);
        Assert.Equal("in", await reader.ReadToEndAsync(Token));
        Assert.Equal(["reply 1", "data 1 out", "end 1"], [await _client.ReadAsync(), await _client.ReadAsync(), await _client.ReadAsync()]);
        await Assert.ThrowsAsync<IOException>(async () => await opened.Stream.WriteAsync("late"u8.ToArray(), Token));
    }

    [Fact]
    public async Task Ping_IsAnswered_AndUnknownFramesArePassedOver()
    {
        await _client.SendRawAsync("8003000400000004" + "00000000");
        await _client.SendRawAsync("8003000900000008" + "0000000000010000");
        await _client.SendRawAsync("8003004200000001" + "00");
        await _client.Frames.PingAsync(7, Token);

        Assert.Equal("ping 7", await _client.ReadAsync());
    }

    [Fact]
    public async Task Reset_BreaksTheStreamAndNoOther()
    {
        await _client.OpenAsync(1, ("streamtype", "data"));
        await _client.OpenAsync(3, ("streamtype", "data"));
        var (first, second) = (await _server.Opened.ReadAsync(Token), await _server.Opened.ReadAsync(Token));

        await _client.Frames.ResetAsync(1, 5, Token);
        await _client.SendAsync(1, "too late");
        await _client.SendAsync(3, "fine", isLast: true);

        await Assert.ThrowsAsync<IOException>(async () => await first.Stream.ReadExactlyAsync(new byte[1], Token));
        using var reader = new StreamReader(second.Stream);
        Assert.Equal("fine", await reader.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Client_ThatGoes_IsNoticedAndEndsItsStreams()
    {
        await _client.OpenAsync(1, ("streamtype", "stdin"));
        var opened = await _server.Opened.ReadAsync(Token);

        _client.Dispose();

        Assert.Equal(0, await opened.Stream.ReadAsync(new byte[1], Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _server.Lost).WaitAsync(TimeSpan.FromSeconds(60), Token));
    }

    // Version 2; headers that are no zlib; an even number; a control frame of 16 MB; a stream of no number; too short a ping.
    [Theory]
    [InlineData("800200010000000a00000001000000000000")]
    [InlineData("800300010000000e000000010000000000000102" + "0304")]
    [InlineData("800300010000000a00000002000000000000")]
    [InlineData("8003000100ffffff")]
    [InlineData("800300010000000a00000000000000000000")]
    [InlineData("800300060000000100")]
    public async Task MalformedFrame_EndsTheConnectionWithAProtocolError(string frame)
    {
        await _client.SendRawAsync(frame);

        Assert.Equal("goaway 1", await _client.ReadAsync());
        Assert.False(await _server.Opened.WaitToReadAsync(Token));
    }

    [Fact]
    public async Task Streams_BeyondTheLimit_AreRefused()
    {
        var frames = new List<string>();
        for (var i = 0; i < 1001; i++)
        {
            await _client.OpenAsync((2 * i) + 1, ("streamtype", "data"));
            frames.Add(await _client.ReadAsync());
        }

        Assert.All(frames.SkipLast(1), frame => Assert.StartsWith("reply", frame, StringComparison.Ordinal));
        Assert.Equal("reset 2001 3", frames[^1]);
    }

    [Fact]
    public async Task Sender_WaitsForAReaderThatIsSlow()
    {
        await _client.OpenAsync(1, ("streamtype", "stdin"));
        var opened = await _server.Opened.ReadAsync(Token);
        Assert.Equal("reply 1", await _client.ReadAsync());

        // Far more than the buffers on the way hold.
        var sending = _client.SendAsync(1, new string('x', 4 * 1024 * 1024), isLast: true).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() => sending.WaitAsync(TimeSpan.FromMilliseconds(200), Token));

        var buffer = new byte[64 * 1024];
        var total = 0;
        while (await opened.Stream.ReadAsync(buffer, Token) is > 0 and var count)
        {
            total += count;
        }

        await sending;
        Assert.Equal(4 * 1024 * 1024, total);
    }

    [Fact]
    public async Task Close_SaysGoodByeAndWaitsForTheClient()
    {
        var closing = _server.CloseAsync();
        Assert.Equal("goaway 0", await _client.ReadAsync());
        Assert.False(closing.IsCompleted);

        _client.Dispose();

        await closing.WaitAsync(TimeSpan.FromSeconds(3), Token);
    }
}
