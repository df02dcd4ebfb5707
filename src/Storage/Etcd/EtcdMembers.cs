using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace MiniKube.Storage.Etcd;

/// <summary>
/// The members, those that are well first. Requests go to the first. Whoever waits for more than a moment makes all members be asked how they are: one that does
/// not answer that is asked last until a probe finds it well, so that a dead member costs those who wait its timeout, once; and one whose leader has gone is asked again.
/// </summary>
internal sealed partial class EtcdMembers : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    // A member without a leader then refuses at once instead of holding the request.
    private static readonly Metadata RequireLeader = new() { { "hasleader", "true" } };

    private readonly CancellationTokenSource _stopping = new();
    private readonly EtcdMember[] _members;
    private readonly EtcdStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _watching;

    public EtcdMembers(EtcdStoreOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _members = [.. options.Servers.Select(server => new EtcdMember(server, EtcdChannels.Open(server, options)))];
        _watching = Task.WhenAll(_members.Select(WatchOverAsync));
    }

    /// <summary>The members in the order to ask them.</summary>
    public IReadOnlyList<EtcdMember> InOrder() =>
        _stopping.IsCancellationRequested
            ? throw new StorageException(StorageErrorKind.Unavailable, "the store is closed")
            : [.. _members.OrderBy(member => member.Trust)];

    public static CallOptions StreamOptions(CancellationToken cancellationToken) => new(RequireLeader, null, cancellationToken);

    /// <summary>Asks one member after the other, for what may be done twice.</summary>
    public async Task<T> AskAsync<T>(Func<EtcdMember, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        var patience = new Patience(_options.RequestTimeout, _options.ReadAttemptTimeout, _time);
        while (true)
        {
            RpcException? last = null;
            foreach (var member in InOrder())
            {
                try
                {
                    return await AskAsync(member, call, patience.Attempt, cancellationToken);
                }
                catch (RpcException e)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (EtcdErrors.AsAnswer(e) is { } answer)
                    {
                        throw answer;
                    }

                    last = e;
                    if (!Suspect(member, e))
                    {
                        break;
                    }
                }
            }

            if (!await patience.NextRoundAsync(last, cancellationToken))
            {
                throw EtcdErrors.Unavailable(last);
            }
        }
    }

    /// <summary>Asks one member, for as long as it is well and follows the leader that it had.</summary>
    /// <exception cref="RpcException">It did not answer, or refused.</exception>
    public async Task<T> AskAsync<T>(EtcdMember member, Func<EtcdMember, CallOptions, AsyncUnaryCall<T>> call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var underWay = member.Begin(_time.GetTimestamp(), cancellationToken);
        return await call(member, new CallOptions(RequireLeader, _time.GetUtcNow().UtcDateTime + timeout, underWay.Token));
    }

    /// <summary>Takes note that a request failed. False if it was given up because of what the member, or its silence, has told: then it is time to see anew whom to ask.</summary>
    public bool Suspect(EtcdMember member, RpcException reason)
    {
        if (reason.StatusCode == StatusCode.Cancelled)
        {
            return false;
        }

        if (member.Suspect(EtcdErrors.IsFromMember(reason) ? EtcdTrust.Refuses : EtcdTrust.Silent))
        {
            Log.Suspected(_logger, member.Address, reason.StatusCode, reason.Status.Detail);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        foreach (var member in _members)
        {
            member.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task WatchOverAsync(EtcdMember member)
    {
        using var timer = new PeriodicTimer(Tick, _time);
        var looked = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                if (IsTimeToLook(member, _time.GetElapsedTime(looked)))
                {
                    looked = _time.GetTimestamp();
                    await (member.Trust == EtcdTrust.Well ? LookAsync(member) : ProbeAsync(member));
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The store is being closed.
        }
    }

    private bool IsTimeToLook(EtcdMember member, TimeSpan since) => member.Trust switch
    {
        EtcdTrust.Well => SomebodyWaits() || (since >= LookInterval && member.TakeWasAsked()),
        EtcdTrust.Refuses => true,
        _ => since >= LookInterval,
    };

    private bool SomebodyWaits()
    {
        var before = _time.GetTimestamp() - (long)(Moment.TotalSeconds * _time.TimestampFrequency);
        return _members.Any(member => member.HasCallFromBefore(before));
    }

    /// <summary>What a member says of itself needs no other member and no disk: it comes at once if anything does.</summary>
    private async Task LookAsync(EtcdMember member)
    {
        try
        {
            var status = await member.Maintenance.StatusAsync(new StatusRequest(), new CallOptions(null, Deadline(), _stopping.Token));
            member.SawTerm(status.Leader == 0 ? 0 : status.RaftTerm);
        }
        catch (RpcException e)
        {
            Suspect(member, e);
        }
    }

    // Linearizable: a member that answers but is cut off from the others is of no use.
    private async Task ProbeAsync(EtcdMember member)
    {
        try
        {
            var probe = new RangeRequest { Key = ByteString.CopyFromUtf8("\0"), CountOnly = true };
            await member.Kv.RangeAsync(probe, new CallOptions(RequireLeader, Deadline(), _stopping.Token));
            member.TrustAgain();
            Log.Trusted(_logger, member.Address);
        }
        catch (RpcException)
        {
            // Still not well, which is known and logged.
        }
    }

    private DateTime Deadline() => _time.GetUtcNow().UtcDateTime + _options.SilenceTimeout;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "etcd member {Address} does not answer ({StatusCode}: {Detail}); asking others first")]
        public static partial void Suspected(ILogger logger, Uri address, StatusCode statusCode, string detail);

        [LoggerMessage(Level = LogLevel.Information, Message = "etcd member {Address} is well again")]
        public static partial void Trusted(ILogger logger, Uri address);
    }
}
