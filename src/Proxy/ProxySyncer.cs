using System.Threading.Channels;

using k8s.Models;

using MiniKube.Client.Informers;
using MiniKube.Hosting.Commands;

namespace MiniKube.Proxy;

/// <summary>
/// Follows services and endpoint slices and brings the kernel's rules up to date. Writes nothing before it has seen all of both: rules that
/// an earlier run left serve until then. When the API server is away, the rules stay as they are.
/// </summary>
internal sealed partial class ProxySyncer(
    IInformerFactory informers, IReadOnlyList<FamilyProxy> families, ProxyOptions options, ProxyHealth health, TimeProvider clock, ILogger<ProxySyncer> logger)
    : BackgroundService
{
    private const string NotHeadless = "!service.kubernetes.io/headless";
    private const string Ours = NotHeadless + ",!service.kubernetes.io/service-proxy-name";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // Only that there is something to do matters, not how much.
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var services = informers.Get<V1Service>(labelSelector: Ours);
        var slices = informers.Get<V1EndpointSlice>(labelSelector: NotHeadless);
        services.AddHandler(change => Queue(family => family.Apply(change)));
        slices.AddHandler(change => Queue(family => family.Apply(change)));
        await services.WaitForSyncAsync(stoppingToken);
        await slices.WaitForSyncAsync(stoppingToken);

        var limiter = new SyncLimiter(options.MinSyncPeriod, clock);
        var synced = false;
        while (true)
        {
            await limiter.WaitAsync(stoppingToken);
            synced = await TrySyncAsync(stoppingToken);
            if (synced)
            {
                await WaitForWorkAsync(stoppingToken);
            }
            else
            {
                await Task.Delay(RetryDelay, clock, stoppingToken);
            }
        }
    }

    private void Queue(Func<FamilyProxy, bool> apply)
    {
        var changed = false;
        foreach (var family in families)
        {
            changed |= apply(family);
        }

        if (changed)
        {
            health.Queued();
            _changed.Writer.TryWrite(true);
        }
    }

    // Returns when something changed, or when the rules are not what we left.
    private async Task WaitForWorkAsync(CancellationToken cancellationToken)
    {
        while (!await ChangedWithinAsync(options.SyncPeriod, cancellationToken))
        {
            if (!await IsIntactAsync(cancellationToken))
            {
                return;
            }

            if (_changed.Reader.Count == 0)
            {
                health.Updated(clock.GetUtcNow());
            }
        }
    }

    private async Task<bool> ChangedWithinAsync(TimeSpan period, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var change = _changed.Reader.ReadAsync(timeout.Token).AsTask();
        await Task.WhenAny(change, Task.Delay(period, clock, timeout.Token));
        await timeout.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return change.IsCompletedSuccessfully;
    }

    private async Task<bool> IsIntactAsync(CancellationToken cancellationToken)
    {
        var intact = true;
        foreach (var family in families)
        {
            intact &= await family.CheckAsync(cancellationToken);
        }

        if (!intact)
        {
            Log.Flushed(logger);
        }

        return intact;
    }

    private async Task<bool> TrySyncAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetUtcNow();
        try
        {
            foreach (var family in families)
            {
                await family.SyncAsync(cancellationToken);
            }

            health.Updated(started);
            return true;
        }
        catch (CommandException exception)
        {
            Log.Failed(logger, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The rules could not be written, trying again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody removed our rules: all are written again")]
        public static partial void Flushed(ILogger logger);
    }
}
