using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace MiniKube.Storage.Etcd;

/// <summary>
/// The members, those that are well first. Requests go to the first; one that does not answer in time is suspect and asked last
/// until a probe in the background finds it well, so that a dead member costs one request its timeout, once.
/// </summary>
internal sealed partial class EtcdMembers : IAsyncDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    // A member without a leader then refuses at once instead of holding the request.
    private static readonly Metadata RequireLeader = new() { { "hasleader", "true" } };

    private readonly CancellationTokenSource _stopping = new();
    private readonly EtcdMember[] _members;
    private readonly EtcdStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _probing;

    public EtcdMembers(EtcdStoreOptions options, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _members = [.. options.Servers.Select(server => new EtcdMember(server, EtcdChannels.Open(server, options)))];
        _probing = ProbeAsync();
    }

    /// <summary>The members in the order to ask them: the trusted ones, then the others.</summary>
    public IReadOnlyList<EtcdMember> InOrder() =>
        _stopping.IsCancellationRequested
            ? throw new StorageException(StorageErrorKind.Unavailable, "the store is closed")
            : [.. _members.Where(member => !member.IsSuspect), .. _members.Where(member => member.IsSuspect)];

    public CallOptions CallOptions(TimeSpan timeout, CancellationToken cancellationToken) =>
        new(RequireLeader, _time.GetUtcNow().UtcDateTime + timeout, cancellationToken);

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
                    return await call(member, CallOptions(patience.Attempt, cancellationToken));
                }
                catch (RpcException e)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (EtcdErrors.AsAnswer(e) is { } answer)
                    {
                        throw answer;
                    }

                    Suspect(member, e);
                    last = e;
                }
            }

            if (!await patience.NextRoundAsync(last, cancellationToken))
            {
                throw EtcdErrors.Unavailable(last);
            }
        }
    }

    public void Suspect(EtcdMember member, RpcException reason)
    {
        if (member.Suspect())
        {
            Log.Suspected(_logger, member.Address, reason.StatusCode, reason.Status.Detail);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _probing;
        foreach (var member in _members)
        {
            member.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task ProbeAsync()
    {
        using var timer = new PeriodicTimer(ProbeInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await Task.WhenAll(_members.Where(member => member.IsSuspect).Select(ProbeAsync));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The store is being closed.
        }
    }

    // Linearizable: a member that answers but is cut off from the others is of no use.
    private async Task ProbeAsync(EtcdMember member)
    {
        try
        {
            var probe = new RangeRequest { Key = ByteString.CopyFromUtf8("\0"), CountOnly = true };
            await member.Kv.RangeAsync(probe, CallOptions(_options.ReadAttemptTimeout, _stopping.Token));
            member.Trust();
            Log.Trusted(_logger, member.Address);
        }
        catch (RpcException)
        {
            // Still not well, which is known and logged.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "etcd member {Address} does not answer ({StatusCode}: {Detail}); asking others first")]
        public static partial void Suspected(ILogger logger, Uri address, StatusCode statusCode, string detail);

        [LoggerMessage(Level = LogLevel.Information, Message = "etcd member {Address} is well again")]
        public static partial void Trusted(ILogger logger, Uri address);
    }
}
