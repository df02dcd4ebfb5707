using System.Diagnostics;

using ARSoft.Tools.Net.Dns;

using MiniKube.Dns.Records;

using Prometheus;

namespace MiniKube.Dns.Serving;

/// <summary>Takes queries by UDP and TCP, once the cluster's names are known: until then a client asks another server, or again.</summary>
internal sealed partial class DnsListener(
    ClusterNames names, QueryHandler handler, DnsOptions options, IMetricFactory metrics, TimeProvider clock, ILogger<DnsListener> logger) : BackgroundService
{
    private const int UdpTimeoutMilliseconds = 5000;
    private const int TcpTimeoutMilliseconds = 10_000;
    private const int TcpKeepAliveMilliseconds = 10_000;

    // Named as CoreDNS names them.
    private readonly Counter _responses = metrics.CreateCounter(
        "coredns_dns_responses_total", "Counter of response status codes.", ["proto", "type", "rcode"]);

    private readonly Histogram _durations = metrics.CreateHistogram(
        "coredns_dns_request_duration_seconds", "Histogram of the time (in seconds) each request took.", ["proto"], new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.00025, 2, 16) });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await names.WaitForSyncAsync(stoppingToken);
        var server = new DnsServer(
            new UdpServerTransport(options.Listen, UdpTimeoutMilliseconds), new TcpServerTransport(options.Listen, TcpTimeoutMilliseconds, TcpKeepAliveMilliseconds));
        server.QueryReceived += (_, received) => AnswerAsync(received, stoppingToken);
        server.ExceptionThrown += (_, thrown) =>
        {
            Log.Failed(logger, thrown.Exception);
            return Task.CompletedTask;
        };
        server.Start();
        Log.Listening(logger, options.Listen);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, stoppingToken);
        }
        finally
        {
            server.Stop();
        }
    }

    private async Task AnswerAsync(QueryReceivedEventArgs received, CancellationToken cancellationToken)
    {
        if (received.Query is not DnsMessage query)
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        var response = await handler.AnswerAsync(query, cancellationToken);
        received.Response = response;
        var protocol = received.TransportProtocol is TransportProtocol.Udp ? "udp" : "tcp";
        var type = query.Questions is [{ RecordType: RecordType.A or RecordType.Aaaa or RecordType.Srv or RecordType.Ptr or RecordType.Txt or RecordType.Ns or RecordType.Soa or RecordType.CName } question]
            ? question.RecordType.ToString().ToUpperInvariant()
            : "other";
        _responses.WithLabels(protocol, type, response.ReturnCode.ToString().ToUpperInvariant()).Inc();
        _durations.WithLabels(protocol).Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Answering on {Address}")]
        public static partial void Listening(ILogger logger, System.Net.IPEndPoint address);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A query could not be answered")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
