using Etcdserverpb;
using Grpc.Core;

namespace MiniKube.Storage.Etcd;

/// <summary>
/// One watch over all its connections. It alone knows the revision to go on from: after any loss it asks for that one again, and drops what
/// it has delivered before.
/// </summary>
internal sealed class EtcdWatch(EtcdMembers members, EtcdReader reader, TimeProvider time, KeyRange range, long fromRevision) : IAsyncDisposable
{
    private static readonly TimeSpan CreationTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private EtcdWatchStream? _stream;
    private long _next = fromRevision;
    private long _delivered;
    private ulong? _cluster;

    public async Task<WatchBatch> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var stream = _stream ??= await OpenAsync(cancellationToken);
            try
            {
                var events = (await stream.ReadAsync()).Where(change => change.KeyValue.ModRevision >= _next).ToList();
                if (events.Count > 0)
                {
                    _delivered = events[^1].KeyValue.ModRevision;
                    _next = _delivered + 1;
                    reader.Saw(_delivered);
                    return new WatchBatch(_delivered, events);
                }
            }
            catch (RpcException)
            {
                await LeaveAsync(stream);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await LeaveAsync(_stream);
        }
    }

    private async Task LeaveAsync(EtcdWatchStream stream)
    {
        _stream = null;
        await stream.DisposeAsync();
    }

    private async Task<EtcdWatchStream> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var member in members.InOrder())
            {
                var stream = new EtcdWatchStream(member, cancellationToken);
                try
                {
                    CheckCluster(await stream.CreateAsync(Request(), CreationTimeout, time));
                    await CheckHistoryAsync(cancellationToken);
                    return stream;
                }
                catch (RpcException e)
                {
                    await stream.DisposeAsync();
                    cancellationToken.ThrowIfCancellationRequested();
                    members.Suspect(member, e);
                }
                catch
                {
                    await stream.DisposeAsync();
                    throw;
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // From one revision earlier than needed: etcd refuses what lies before the compaction, but has by then forgotten deletions at its very
    // revision, before 3.4.25 and 3.5.8 without a word. This way it refuses that revision too.
    private WatchRequest Request() => new()
    {
        CreateRequest = new WatchCreateRequest
        {
            Key = EtcdMessages.Key(range.Start),
            RangeEnd = EtcdMessages.Key(range.End),
            StartRevision = Math.Max(1, _next - 1),
            ProgressNotify = true,
            Fragment = true,
        },
    };

    // Another cluster at the same addresses, such as one restored from a backup under a new token, has a history of its own.
    private void CheckCluster(ulong cluster)
    {
        if (cluster != (_cluster ??= cluster))
        {
            throw new StorageException(StorageErrorKind.Compacted, $"etcd was exchanged: it is cluster {cluster:x}, but {_cluster:x} was watched");
        }
    }

    // A cluster restored from a backup counts from a revision that we have passed: what it calls by our revisions is something else.
    private async Task CheckHistoryAsync(CancellationToken cancellationToken)
    {
        if (_delivered > 0 && await reader.CurrentRevisionAsync(cancellationToken) is var current && current < _delivered)
        {
            throw new StorageException(
                StorageErrorKind.Compacted, $"etcd is at revision {current}, but {_delivered} has been seen: it was restored from a backup");
        }
    }
}
