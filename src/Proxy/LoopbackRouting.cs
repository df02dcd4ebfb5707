namespace MiniKube.Proxy;

/// <summary>Node ports on 127.0.0.1 need the kernel to route what came from there (net.ipv4.conf.all.route_localnet).</summary>
internal sealed partial class LoopbackRouting(ProxyOptions options, ILogger<LoopbackRouting> logger) : IHostedService
{
    private const string Setting = "/proc/sys/net/ipv4/conf/all/route_localnet";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var ranges = options.Iptables.NodePortAddresses;
        if (ranges.Count > 0 && !ranges.Any(range => range.StartsWith("127.", StringComparison.Ordinal) || range.EndsWith("/0", StringComparison.Ordinal)))
        {
            return;
        }

        try
        {
            await File.WriteAllTextAsync(Setting, "1", cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotSet(logger, Setting, exception.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Node ports do not answer on 127.0.0.1, since {Setting} could not be set: {Reason}")]
        public static partial void NotSet(ILogger logger, string setting, string reason);
    }
}
