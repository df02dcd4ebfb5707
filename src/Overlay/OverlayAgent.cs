using System.Threading.Channels;

using MiniKube.Hosting.Commands;
using MiniKube.Overlay.Backends;
using MiniKube.Overlay.Firewall;
using MiniKube.Overlay.Links;
using MiniKube.Overlay.Subnets;
using MiniKube.Storage;

namespace MiniKube.Overlay;

/// <summary>
/// Takes a subnet for the node, tells the node of it, and follows the peers. Nothing is taken back when it ends: packets go on while it is
/// away, and the next run takes over what it finds.
/// </summary>
internal sealed partial class OverlayAgent(
    IKeyValueStore store, ICommandRunner commands, OverlayOptions options, TimeProvider clock, ILogger<OverlayAgent> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RenewRetryDelay = TimeSpan.FromMinutes(1);

    private readonly SubnetRegistry _registry = new(store, options.EtcdPrefix, Random.Shared);
    private readonly KernelLinks _links = new(commands);
    private readonly FirewallKeeper _firewall = new(commands);
    private readonly Channel<bool> _peersChanged = Signal();
    private readonly Channel<bool> _leaseLost = Signal();
    private volatile IReadOnlyList<SubnetLease>? _leases;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var node = await UntilDoneAsync(JoinAsync, stoppingToken);
        Log.Joined(logger, node.Subnet, node.Backend.Type);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] loops = [FollowAsync(node, ending.Token), SyncAsync(node, ending.Token), RenewAsync(node, ending.Token), GuardAsync(node, ending.Token)];
        await Task.WhenAny(loops);
        await ending.CancelAsync();
        await Task.WhenAll(loops);
    }

    private static Channel<bool> Signal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private async Task<OverlayNode> JoinAsync(CancellationToken cancellationToken)
    {
        var config = await _registry.ConfigAsync(cancellationToken) ?? throw new ConfigException($"there is no {options.EtcdPrefix}/config in etcd");
        var external = await _links.FindExternalAsync(options.Interface, cancellationToken);
        var address = Subnet.TryParseAddress(options.PublicIP, out var given) ? given : external.Address;
        var backend = BackendFactory.Create(config, address, external, _links);
        var attributes = new LeaseAttributes
        {
            PublicIP = Subnet.ToAddress(address).ToString(),
            BackendType = backend.Type,
            BackendData = await backend.PrepareAsync(cancellationToken),
        };
        var previous = await SubnetFile.PreviousAsync(options.SubnetFile, cancellationToken);
        var subnet = await _registry.AcquireAsync(config, attributes, previous, cancellationToken);
        await backend.AssignAsync(subnet, cancellationToken);

        var node = new OverlayNode(config, attributes, subnet, backend);
        await EnsureFirewallAsync(node, cancellationToken);
        await new SubnetFile(config.Network, subnet, backend.Mtu, options.IpMasq).WriteAsync(options.SubnetFile, cancellationToken);
        return node;
    }

    private async Task FollowAsync(OverlayNode node, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var leases in _registry.FollowAsync(cancellationToken))
                {
                    _leases = leases;
                    _peersChanged.Writer.TryWrite(true);
                    if (!leases.Any(node.Holds))
                    {
                        _leaseLost.Writer.TryWrite(true);
                    }
                }
            }
            catch (StorageException exception)
            {
                // What is known of the peers stands until etcd answers again.
                Log.Failed(logger, exception.Message);
                await Task.Delay(RetryDelay, clock, cancellationToken);
            }
        }
    }

    private async Task SyncAsync(OverlayNode node, CancellationToken cancellationToken)
    {
        while (true)
        {
            await SignalledAsync(_peersChanged, options.KernelResync, cancellationToken);
            if (_leases is { } leases)
            {
                await UntilDoneAsync(
                    async token =>
                    {
                        await node.Backend.SyncAsync(node.PeersAmong(_leases ?? leases), token);
                        return true;
                    },
                    cancellationToken);
            }
        }
    }

    private async Task RenewAsync(OverlayNode node, CancellationToken cancellationToken)
    {
        var wait = SubnetRegistry.TimeToLive - options.RenewMargin;
        while (true)
        {
            await SignalledAsync(_leaseLost, wait, cancellationToken);
            try
            {
                await _registry.RenewAsync(node.Subnet, node.Attributes, cancellationToken);
                Log.Renewed(logger, node.Subnet);
                wait = SubnetRegistry.TimeToLive - options.RenewMargin;
            }
            catch (StorageException exception)
            {
                Log.Failed(logger, exception.Message);
                wait = RenewRetryDelay;
            }
        }
    }

    private async Task GuardAsync(OverlayNode node, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(options.IptablesResync, clock, cancellationToken);
            try
            {
                if (await EnsureFirewallAsync(node, cancellationToken))
                {
                    Log.Repaired(logger);
                }
            }
            catch (CommandException exception)
            {
                Log.Failed(logger, exception.Message);
            }
        }
    }

    private async Task<bool> EnsureFirewallAsync(OverlayNode node, CancellationToken cancellationToken)
    {
        var changed = false;
        foreach (var chain in node.Chains(options))
        {
            changed |= await _firewall.EnsureAsync(chain, cancellationToken);
        }

        return changed;
    }

    // As flanneld: what cannot be done yet is tried again every second, since its cause may be mended meanwhile.
    private async Task<T> UntilDoneAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work(cancellationToken);
            }
            catch (Exception exception) when (exception is ConfigException or StorageException or CommandException)
            {
                Log.Failed(logger, exception.Message);
                await Task.Delay(RetryDelay, clock, cancellationToken);
            }
        }
    }

    // Returns after that time, or as soon as there is a signal.
    private async Task SignalledAsync(Channel<bool> signal, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var change = signal.Reader.ReadAsync(timeout.Token).AsTask();
        await Task.WhenAny(change, Task.Delay(atMost, clock, timeout.Token));
        await timeout.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "This node's pods are {Subnet}, reached by {Backend}")]
        public static partial void Joined(ILogger logger, Subnet subnet, string backend);

        [LoggerMessage(Level = LogLevel.Information, Message = "Renewed the lease of {Subnet}")]
        public static partial void Renewed(ILogger logger, Subnet subnet);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody changed our firewall rules: they are written again")]
        public static partial void Repaired(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Trying again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
