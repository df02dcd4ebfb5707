using System.Runtime.CompilerServices;
using Etcdserverpb;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace MiniKube.Storage.Etcd;

/// <summary>
/// A store in an etcd cluster. Opening it makes no connection: while no member answers, requests fail with Unavailable after
/// <see cref="EtcdStoreOptions.RequestTimeout"/>, and watches wait.
/// </summary>
public sealed class EtcdStore : IKeyValueStore
{
    private readonly EtcdMembers _members;
    private readonly EtcdReader _reader;
    private readonly EtcdLeases _leases;
    private readonly EtcdWriter _writer;
    private readonly TimeProvider _time;

    public EtcdStore(EtcdStoreOptions options, ILogger<EtcdStore> logger, TimeProvider timeProvider)
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.Servers.Count, nameof(options));
        _time = timeProvider;
        _members = new EtcdMembers(options, timeProvider, logger);
        _reader = new EtcdReader(_members);
        _leases = new EtcdLeases(_members, timeProvider);
        _writer = new EtcdWriter(_members, _reader, _leases, new EtcdFate(_members, _reader, options, timeProvider), options, timeProvider);
    }

    public Task<RangeResult> RangeAsync(RangeQuery query, CancellationToken cancellationToken) => _reader.RangeAsync(query, cancellationToken);

    public Task<TransactionResult> CommitAsync(Transaction transaction, CancellationToken cancellationToken) =>
        _writer.CommitAsync(transaction, cancellationToken);

    public async IAsyncEnumerable<WatchBatch> WatchAsync(
        KeyRange range, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromRevision, 1);
        await using var watch = new EtcdWatch(_members, _reader, _time, range, fromRevision);
        while (true)
        {
            yield return await watch.NextAsync(cancellationToken);
        }
    }

    public Task<long> CurrentRevisionAsync(CancellationToken cancellationToken) => _reader.CurrentRevisionAsync(cancellationToken);

    public async Task CompactAsync(long revision, CancellationToken cancellationToken)
    {
        var attempts = 0;
        AsyncUnaryCall<CompactionResponse> Compact(EtcdMember member, CallOptions options)
        {
            attempts++;
            return member.Kv.CompactAsync(new CompactionRequest { Revision = revision }, options);
        }

        try
        {
            await _members.AskAsync(Compact, cancellationToken);
        }
        catch (StorageException e) when (e.Kind == StorageErrorKind.Compacted && attempts > 1)
        {
            // An earlier attempt, whose answer got lost, has done it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _members.DisposeAsync();
        _leases.Dispose();
    }
}
