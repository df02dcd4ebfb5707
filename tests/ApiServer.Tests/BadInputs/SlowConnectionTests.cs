using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Text;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>Connections on which too little comes, or nothing, or nobody reads (B12).</summary>
[Collection(AttackCollection.Name)]
public sealed class SlowConnectionTests(AttackedServer server)
{
    private const string ConfigMaps = "/api/v1/namespaces/bad/configmaps";

    /// <summary>The longest of the server's own limits, 45 s, several times.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(240);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>All at once: each waits for a limit of the server to pass.</summary>
    [Fact]
    public async Task B12_ConnectionsThatDawdle_AreEnded()
    {
        var cost = await server.MeasureAsync(() => Task.WhenAll(
            SilentBeforeTlsAsync(), HeadersByDropsAsync(), BodyThatNeverComesAsync(), HalfOfHttp2HeadersAsync(), ContinuationsOfNothingAsync(), WatchWhoseClientIsGoneAsync()));

        cost.ExpectWithin(Bound);
    }

    [Fact]
    public async Task B12_WatchOverHttp1_IsAskedByTcpWhetherItsClientIsThere()
    {
        var dialled = await server.DialAsync();
        await using var connection = await server.AuthenticateAsync(dialled, SslApplicationProtocol.Http11);
        var port = Assert.IsType<IPEndPoint>(dialled.Socket.LocalEndPoint).Port;

        var cost = await server.MeasureAsync(async () =>
        {
            await WriteAsync(connection, $"GET {ConfigMaps}?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200", await ReadLineAsync(connection), StringComparison.Ordinal);

            // The timer is seen between the acknowledgements of what was sent.
            await TestSupport.Eventually.GetAsync(
                _ => Task.FromResult(server.IsKeptAlive(port)), isKept => isKept, TimeSpan.FromSeconds(60), Cancelled);
        });

        cost.ExpectWithin(Bound);
    }

    [Fact]
    public async Task B12_WatchThatNobodyReads_IsEndedAndHoldsUpNobody()
    {
        await using var deaf = await server.ConnectAsync(SslApplicationProtocol.Http11);
        await WriteAsync(deaf, $"GET {ConfigMaps}?watch=1 HTTP/1.1\r\nHost: x\r\n\r\n");
        using var healthy = await server.Admin.WatchAsync($"{ConfigMaps}?watch=1&labelSelector=deaf");
        const int Changes = 120;
        var data = new string('x', 1_000_000);

        var cost = await server.MeasureAsync(async () =>
        {
            await server.Admin.CreateConfigMapAsync("big", ",\"labels\":{\"deaf\":\"\"}");
            Assert.Equal("ADDED big", await healthy.NextNameAsync());
            for (var change = 0; change < Changes; change++)
            {
                (await server.Admin.SendAsync(
                    HttpMethod.Patch, $"{ConfigMaps}/big", $$$"""{"data":{"k":"{{{change}}}{{{data}}}"}}""", "application/merge-patch+json")).Expect(200);
                Assert.Equal("MODIFIED big", await healthy.NextNameAsync());
            }
        });

        // The watch would last half an hour.
        var heard = await AttackedServer.ReadToEndAsync(deaf, Bound);
        cost.ExpectWithin(Bound, 800);
        Assert.InRange(heard.Length, 0, Changes * data.Length / 2);
        (await server.Admin.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/big")).Expect(200);
    }

    private async Task SilentBeforeTlsAsync()
    {
        await using var connection = await server.DialAsync();
        Assert.Equal("", await AttackedServer.ReadToEndAsync(connection, Bound));
    }

    private async Task HeadersByDropsAsync()
    {
        await using var connection = await server.ConnectAsync(SslApplicationProtocol.Http11);
        var answer = AttackedServer.ReadToEndAsync(connection, Bound);
        await WriteAsync(connection, $"GET {ConfigMaps} HTTP/1.1\r\nHost: x\r\n");
        while (!answer.IsCompleted)
        {
            try
            {
                await WriteAsync(connection, "X: x\r\n");
            }
            catch (IOException)
            {
                break;
            }

            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancelled));
        }

        Assert.True(await answer is "" or ['H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '4', ..]);
    }

    private async Task BodyThatNeverComesAsync()
    {
        await using var connection = await server.ConnectAsync(SslApplicationProtocol.Http11);
        await WriteAsync(connection, $"POST {ConfigMaps} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{");
        Assert.True(await AttackedServer.ReadToEndAsync(connection, Bound) is "" or ['H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '4', ..]);
    }

    private async Task HalfOfHttp2HeadersAsync()
    {
        await using var connection = await Http2Connection.OpenAsync(server);
        connection.Add(Http2Connection.Headers, Http2Connection.EndStream, 1, Http2Connection.Get(ConfigMaps));
        Assert.True(await connection.SendAsync());
        await connection.Closed.WaitAsync(Bound, Cancelled);
        Assert.Equal(0, connection.Answered);
    }

    /// <summary>Headers that grow by nothing (B14): no limit of their size ends them.</summary>
    private async Task ContinuationsOfNothingAsync()
    {
        await using var connection = await Http2Connection.OpenAsync(server);
        connection.Add(Http2Connection.Headers, Http2Connection.EndStream, 1, Http2Connection.Get(ConfigMaps));
        do
        {
            for (var frame = 0; frame < 10_000; frame++)
            {
                connection.Add(Http2Connection.Continuation, 0, 1, []);
            }

            await Task.WhenAny(connection.Closed, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Cancelled));
        }
        while (await connection.SendAsync() && !connection.Closed.IsCompleted);

        await connection.Closed.WaitAsync(Bound, Cancelled);
        Assert.Equal(0, connection.Answered);
    }

    /// <summary>As when the client's machine lost its power: the connection stands, but nothing answers on it.</summary>
    private async Task WatchWhoseClientIsGoneAsync()
    {
        var watch = Stopwatch.StartNew();
        await using var gone = await Http2Connection.OpenAsync(server, answersPings: false);
        await using var there = await Http2Connection.OpenAsync(server);
        foreach (var connection in (Http2Connection[])[gone, there])
        {
            connection.Add(Http2Connection.Headers, Http2Connection.EndHeaders | Http2Connection.EndStream, 1, Http2Connection.Get($"{ConfigMaps}?watch=1"));
            Assert.True(await connection.SendAsync());
        }

        await gone.Closed.WaitAsync(Bound, Cancelled);

        Assert.True(gone.Pings > 0, $"Closed after {watch.Elapsed} without having been asked.");
        Assert.True(there.Pings > 0);
        Assert.False(there.Closed.IsCompleted);
    }

    private static Task WriteAsync(Stream connection, string text) => connection.WriteAsync(Encoding.ASCII.GetBytes(text), Cancelled).AsTask();

    private static async Task<string> ReadLineAsync(Stream connection)
    {
        using var reader = new StreamReader(connection, leaveOpen: true);
        return await reader.ReadLineAsync(Cancelled) ?? "";
    }
}
