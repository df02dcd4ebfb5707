using System.Net;
using System.Text.Json;

using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

using Microsoft.Extensions.Hosting;

namespace MiniKube.Cluster.Raft;

/// <summary>
/// One member: DotNext's Raft over TCP, its log on disk, and the values that the log comes to. Raft itself is the library's; what is here is when an answer may be given.
/// </summary>
internal sealed class RaftMember : IHostedService, IAsyncDisposable
{
    // A heartbeat is half the lower bound: a dead leader is followed within about a second, and a busy machine elects nobody needlessly.
    private const int LowerElectionMilliseconds = 500;
    private const int UpperElectionMilliseconds = 1000;

    private readonly RaftOptions _options;
    private readonly KeyValueMachine _machine;
    private readonly RaftCluster.TcpConfiguration _configuration;
    private WriteAheadLog? _log;
    private RaftCluster? _cluster;

    public RaftMember(RaftOptions options, ILoggerFactory loggers)
    {
        _options = options;
        _machine = new KeyValueMachine(new DirectoryInfo(Path.Combine(options.DataFolder, "snapshots")));
        var self = options.Peers[options.Id - 1];
        _configuration = new RaftCluster.TcpConfiguration(new IPEndPoint(options.ListenAddress, RaftOptions.PortOf(self)))
        {
            PublicEndPoint = self,
            LowerElectionTimeout = LowerElectionMilliseconds,
            UpperElectionTimeout = UpperElectionMilliseconds,
            ColdStart = false,
            LoggerFactory = loggers,
            // In memory: who the members are is said by the flags, each time.
            ConfigurationStorage = null,
        };
        var members = (_configuration.ConfigurationStorage as InMemoryClusterConfigurationStorage<EndPoint>)?.CreateInitialConfigurationBuilder()
            ?? throw new InvalidOperationException("The library keeps the members elsewhere.");
        foreach (var peer in options.Peers)
        {
            members.Add(peer);
        }

        members.Build();
    }

    public bool Leads => Cluster.Leader is { IsRemote: false };

    /// <summary>Where the leader answers clients; null while there is none.</summary>
    public Uri? Leader => Cluster.Leader is { } leader ? _options.Clients[IndexOf(leader.EndPoint)] : null;

    public RaftMemberState State => new(
        _options.Id, Leader?.ToString(), Cluster.Term, Log.LastEntryIndex, Log.LastCommittedEntryIndex, Log.LastAppliedIndex, _machine.Values.Count);

    private RaftCluster Cluster => _cluster ?? throw new InvalidOperationException("The member has not started.");

    private WriteAheadLog Log => _log ?? throw new InvalidOperationException("The member has not started.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _machine.RestoreAsync(cancellationToken);
        // It flushes an entry before it says that it has it, so that what most members have outlives a power cut.
        _log = new WriteAheadLog(new WriteAheadLog.Options { Location = Path.Combine(_options.DataFolder, "log") }, _machine);
        await _log.InitializeAsync(cancellationToken);
        _cluster = new RaftCluster(_configuration) { AuditTrail = _log };
        await _cluster.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _cluster?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>
    /// Brings a change into the logs of most members, on their disks, and to the values here. Only the leader can. That the library has replicated is not enough: another leader may
    /// have come in between and cut the entry off; what is applied stays.
    /// </summary>
    public async Task CommitAsync(KeyChange change, CancellationToken cancellationToken)
    {
        var applied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Cluster.ReplicateAsync(JsonSerializer.SerializeToUtf8Bytes(change, RaftJson.Default.KeyChange), applied, cancellationToken);
        await applied.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// The entry up to which a read that begins now must see: most members have confirmed, after the call, that this one leads, and all that its log has is applied. Only the leader knows;
    /// it may not lead any more when it has found out, and then throws <see cref="LeaderOperationException"/>.
    /// </summary>
    public async Task<long> ReadIndexAsync(CancellationToken cancellationToken)
    {
        var term = Leads ? Cluster.Term : throw new NotLeaderException();
        await Cluster.ApplyReadBarrierAsync(ReadBarrierType.Strong, cancellationToken);
        return Leads && Cluster.Term == term ? Log.LastCommittedEntryIndex : throw new NotLeaderException();
    }

    /// <summary>This member's value once it has applied that entry; null if there is none.</summary>
    public async Task<byte[]?> ReadAsync(string key, long index, CancellationToken cancellationToken)
    {
        await Log.WaitForApplyAsync(index, cancellationToken);
        return _machine.Values.GetValueOrDefault(key);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        await _machine.DisposeAsync();
    }

    private int IndexOf(EndPoint peer)
    {
        for (var index = 0; index < _options.Peers.Count; index++)
        {
            if (_options.Peers[index].Equals(peer))
            {
                return index;
            }
        }

        throw new InvalidOperationException($"{peer} is no member.");
    }
}
