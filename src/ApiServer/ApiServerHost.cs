using System.Net;
using System.Net.Sockets;
using System.Text;

using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

using MiniKube.ApiServer.Filters;
using MiniKube.Hosting;

namespace MiniKube.ApiServer;

/// <summary>A running API server. Starting it returns when it listens; it is ready when /readyz says so.</summary>
public sealed class ApiServerHost : IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(60);

    private const int LongestHeaders = 1024 * 1024;
    private const int MostHeaders = 1000;

    /// <summary>As upstream's ReadHeaderTimeout, which bounds the TLS handshake as well, and IdleTimeout.</summary>
    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(32);

    private static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(90);

    /// <summary>After how much silence a client is asked whether it is still there, and how long it may take to answer: as client-go asks servers.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(15);
    private const int KeepAliveRetries = 3;

    private readonly WebApplication _app;
    private readonly ApiServerParts _parts;
    private readonly ApiServerOptions _options;
    private readonly TimeProvider _clock;
    private bool _isStopped;

    private ApiServerHost(WebApplication app, ApiServerParts parts, ApiServerOptions options, TimeProvider clock)
    {
        _app = app;
        _parts = parts;
        _options = options;
        _clock = clock;
    }

    /// <summary>The port that it listens on.</summary>
    public int Port => _options.SecurePort;

    /// <summary>Completes when the cache is filled and the objects that every cluster has are there.</summary>
    public Task Ready => _parts.Bootstrap.Done;

    public static async Task<ApiServerHost> StartAsync(ApiServerOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Bound first: what is written into the cluster names the port, also when the system chose it.
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(options.BindAddress, options.SecurePort));
        KeepAlive(socket);
        options = options with { SecurePort = (socket.LocalEndPoint as IPEndPoint)?.Port ?? options.SecurePort };
        var builder = ComponentHost.CreateBuilder("apiserver", options.Logging);
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = _ => socket);
        var lifetime = new ServerLifetime();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options, lifetime, clock));
        var app = builder.Build();
        var parts = await ApiServerParts.CreateAsync(options, lifetime, app.Services, clock, cancellationToken);
        ApiServerPipeline.Build(app, parts.Filters, parts.Endpoints);
        var host = new ApiServerHost(app, parts, options, clock);
        foreach (var service in parts.Background)
        {
            // Not with the caller's token: it would end them as soon as the server is asked to stop, and requests that are served meanwhile would wait for a cache that goes on no more.
            await service.StartAsync(CancellationToken.None);
        }

        await app.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Serves until the token is cancelled, then stops cleanly.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failed = Task.WhenAny(_parts.Background.Select(service => service.ExecuteTask ?? Task.CompletedTask));
        var stop = Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken);
        await Task.WhenAny(stop, failed);
        await StopAsync();
        if (failed.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            // A background service never ends by itself: the supervisor starts the process again.
            await await failed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        await _parts.DisposeAsync();
    }

    /// <summary>/readyz turns red, the address leaves the <c>kubernetes</c> Service, and a delay passes in which requests are served; then new requests are refused and watches end, the others finish.</summary>
    private async Task StopAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        _parts.Lifetime.BeginStop();
        await _parts.Bootstrap.WithdrawAsync();
        if (_options.ShutdownDelayDuration > TimeSpan.Zero)
        {
            await Task.Delay(_options.ShutdownDelayDuration, _clock, CancellationToken.None);
        }

        _parts.Lifetime.BeginDrain();
        using var patience = new CancellationTokenSource(DrainTime, _clock);
        await _app.StopAsync(patience.Token);
        foreach (var service in _parts.Background.Reverse())
        {
            await service.StopAsync(patience.Token);
        }
    }

    /// <summary>What HTTP/2 asks by pings, TCP asks for the rest: connections that are accepted take over what the listening socket has.</summary>
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)Silence.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)PingPatience.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
    }

    private static void Configure(KestrelServerOptions kestrel, ApiServerOptions options, ServerLifetime lifetime, TimeProvider clock)
    {
        kestrel.AddServerHeader = false;

        // Names of fields in warnings may be any text.
        kestrel.ResponseHeaderEncodingSelector = name => name == "Warning" ? Encoding.UTF8 : null;
        kestrel.Limits.MaxRequestBodySize = 3 * 1024 * 1024;

        // As Go's default: selectors of many terms come in the path.
        kestrel.Limits.MaxRequestHeadersTotalSize = LongestHeaders;
        kestrel.Limits.MaxRequestLineSize = LongestHeaders;
        kestrel.Limits.MaxRequestBufferSize = LongestHeaders;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = LongestHeaders;
        kestrel.Limits.Http2.MaxStreamsPerConnection = options.Http2MaxStreamsPerConnection;

        // Impersonation has a header a group; what they weigh together is bounded above.
        kestrel.Limits.MaxRequestHeaderCount = MostHeaders;
        kestrel.Limits.RequestHeadersTimeout = HeaderPatience;
        kestrel.Limits.KeepAliveTimeout = IdlePatience;

        // A watch may be silent for long in good order: that its client is gone without a word shows by asking.
        kestrel.Limits.Http2.KeepAlivePingDelay = Silence;
        kestrel.Limits.Http2.KeepAlivePingTimeout = PingPatience;
        kestrel.Listen(options.BindAddress, options.SecurePort, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(next => connection =>
            {
                ConnectionEnd.Begin(connection, lifetime, clock);
                return next(connection);
            });
            listen.UseHttps(https =>
            {
                https.ServerCertificate = ServingCertificate.Load(
                    new ServingOptions { TlsCertFile = options.TlsCertFile, TlsPrivateKeyFile = options.TlsPrivateKeyFile }, clock);
                https.HandshakeTimeout = HeaderPatience;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;

                // Judged by the authenticator, which can say what is wrong.
                https.ClientCertificateValidation = (_, _, _) => true;
            });
        });
    }
}
