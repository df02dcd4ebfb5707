using System.Net;
using System.Net.Security;
using System.Net.Sockets;

using Microsoft.Extensions.Time.Testing;

using MiniKube.ApiServer.Tests.BadInputs;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests;

/// <summary>A server that stops, or that wants its clients spread, asks them to come again on another connection; what they have running ends in peace.</summary>
public sealed class ConnectionEndTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoAwayChance_OfOne_MovesAClientToAnotherConnection_AndItsWatchGoesOn()
    {
        await using var server = await TestApiServer.StartAsync(options => options with { GoAwayChance = 1 });
        var connections = 0;
        using var http = Counting(server, () => Interlocked.Increment(ref connections));
        using var watch = await http.GetAsync(new Uri("/api/v1/namespaces/default/configmaps?watch=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var events = new StreamReader(await watch.Content.ReadAsStreamAsync(Cancellation));

        await Eventually.GetAsync(async _ => { await VersionAsync(http); return Volatile.Read(ref connections); }, count => count > 1, Limit, Cancellation);
        using var created = await http.PostAsync(
            new Uri("/api/v1/namespaces/default/configmaps", UriKind.Relative), new StringContent("""{"metadata":{"name":"seen"}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")), Cancellation);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Contains("\"seen\"", await events.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GoAwayChance_OfZero_KeepsTheConnection()
    {
        await using var server = await TestApiServer.StartAsync();
        var connections = 0;
        using var http = Counting(server, () => Interlocked.Increment(ref connections));

        for (var request = 0; request < 20; request++)
        {
            await VersionAsync(http);
        }

        Assert.Equal(1, Volatile.Read(ref connections));
    }

    [Fact]
    public async Task Stop_WithADelay_ServesMeanwhile_AndSendsConnectionsAway()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var server = await TestApiServer.StartAsync(options => options with { ShutdownDelayDuration = TimeSpan.FromSeconds(30) }, clock);
        using var http = server.CreateClient("admin", "system:masters");

        var stopping = server.DisposeAsync().AsTask();
        try
        {
            await Eventually.GetAsync(_ => StatusAsync(http, "/readyz"), status => status == HttpStatusCode.InternalServerError, Limit, Cancellation);
            using var created = await http.PostAsync(
                new Uri("/api/v1/namespaces/default/configmaps", UriKind.Relative), new StringContent("""{"metadata":{"name":"late"}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")), Cancellation);

            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            Assert.True(created.Headers.ConnectionClose);

            // What has been written since is read, too: the caches go on until the end.
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/api/v1/namespaces/default/configmaps/late").WaitAsync(Limit, Cancellation));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/livez"));
            Assert.False(stopping.IsCompleted);
        }
        finally
        {
            await Eventually.GetAsync(
                _ => { clock.Advance(TimeSpan.FromSeconds(31)); return Task.FromResult(stopping.IsCompleted); }, done => done, Limit, Cancellation);
        }

        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync(http, "/livez"));
    }

    [Fact]
    public async Task Stop_WithADelay_SendsAWatcherAway_WhoseWatchGoesOn()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var server = await TestApiServer.StartAsync(options => options with { ShutdownDelayDuration = TimeSpan.FromSeconds(30) }, clock);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
        await using var watcher = await Http2Connection.OpenAsync(await server.AuthenticateAsync(new NetworkStream(socket), SslApplicationProtocol.Http2));
        watcher.Add(Http2Connection.Headers, Http2Connection.EndStream | Http2Connection.EndHeaders, 1, Http2Connection.Get("/api/v1/namespaces/default/configmaps?watch=true"));
        await watcher.SendAsync();
        await Eventually.GetAsync(_ => Task.FromResult(watcher.Answered), answered => answered == 1, Limit, Cancellation);

        var stopping = server.DisposeAsync().AsTask();
        try
        {
            await Eventually.GetAsync(_ => Task.FromResult(watcher.GoodbyeCode), code => code == 0, Limit, Cancellation);
            Assert.Equal(0, watcher.Ended);
        }
        finally
        {
            await Eventually.GetAsync(
                _ => { clock.Advance(TimeSpan.FromSeconds(31)); return Task.FromResult(stopping.IsCompleted); }, done => done, Limit, Cancellation);
        }

        await stopping;
    }

    [Fact]
    public async Task Stop_WithADelay_SendsAConnectionThatCameMeanwhileAway_WhenItIsASecondOld()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var server = await TestApiServer.StartAsync(options => options with { ShutdownDelayDuration = TimeSpan.FromSeconds(30) }, clock);
        using var http = server.CreateClient("admin", "system:masters");
        var stopping = server.DisposeAsync().AsTask();
        try
        {
            await Eventually.GetAsync(_ => StatusAsync(http, "/readyz"), status => status == HttpStatusCode.InternalServerError, Limit, Cancellation);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(server.Address.Host, server.Address.Port, Cancellation);
            await using var young = await Http2Connection.OpenAsync(await server.AuthenticateAsync(new NetworkStream(socket), SslApplicationProtocol.Http2));

            await AskAsync(young, 1);
            await AskAsync(young, 3);
            Assert.Null(young.GoodbyeCode);
            clock.Advance(TimeSpan.FromSeconds(1));
            await AskAsync(young, 5);

            await Eventually.GetAsync(_ => Task.FromResult(young.GoodbyeCode), code => code == 0, Limit, Cancellation);
        }
        finally
        {
            await Eventually.GetAsync(
                _ => { clock.Advance(TimeSpan.FromSeconds(31)); return Task.FromResult(stopping.IsCompleted); }, done => done, Limit, Cancellation);
        }

        await stopping;

        static async Task AskAsync(Http2Connection connection, int stream)
        {
            var before = connection.Answered;
            connection.Add(Http2Connection.Headers, Http2Connection.EndStream | Http2Connection.EndHeaders, stream, Http2Connection.Get("/livez"));
            await connection.SendAsync();
            await Eventually.GetAsync(_ => Task.FromResult(connection.Answered), answered => answered > before, Limit, Cancellation);
        }
    }

    [Fact]
    public async Task Stop_WithADelay_WhileClientsAsk_AnswersEveryRequest()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var server = await TestApiServer.StartAsync(options => options with { ShutdownDelayDuration = TimeSpan.FromSeconds(30) }, clock);
        var clients = Enumerable.Range(0, 8).Select(_ => Counting(server, () => { })).ToList();
        using var other = server.CreateClient("admin", "system:masters");
        Task<HttpStatusCode[]> AskAsync(HttpClient client) => Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StatusAsync(client, "/api/v1/namespaces/default/configmaps").WaitAsync(Limit, Cancellation)));

        await Task.WhenAll(clients.Select(AskAsync));
        var stopping = server.DisposeAsync().AsTask();
        try
        {
            for (var round = 0; round < 50; round++)
            {
                var answers = await Task.WhenAll(clients.Select(AskAsync));
                Assert.All(answers.SelectMany(codes => codes), code => Assert.Equal(HttpStatusCode.OK, code));
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
            await Eventually.GetAsync(
                _ => { clock.Advance(TimeSpan.FromSeconds(31)); return Task.FromResult(stopping.IsCompleted); }, done => done, Limit, Cancellation);
        }

        await stopping;
    }

    private static HttpClient Counting(TestApiServer server, Action connected)
    {
        var handler = server.CreateHandler("admin", "system:masters");
        handler.ConnectCallback = async (context, cancellationToken) =>
        {
            connected();
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        return new HttpClient(handler) { BaseAddress = server.Address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    private static Task<string> VersionAsync(HttpClient http) => http.GetStringAsync(new Uri("/version", UriKind.Relative), Cancellation);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }
}
