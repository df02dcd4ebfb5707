using Etcdserverpb;
using Grpc.Core;

namespace MiniKube.Storage.Etcd;

/// <summary>A watch on one connection to one member. Every failure but compaction is an <see cref="RpcException"/>.</summary>
internal sealed class EtcdWatchStream : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending;
    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call;

    public EtcdWatchStream(EtcdMember member, CancellationToken cancellationToken)
    {
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, member.LostFromHere);
        _call = member.Watches.Watch(EtcdMembers.StreamOptions(_ending.Token));
    }

    /// <summary>Returns the id of the cluster that the member belongs to.</summary>
    public async Task<ulong> CreateAsync(WatchRequest request, TimeSpan timeout, TimeProvider time)
    {
        try
        {
            await _call.RequestStream.WriteAsync(request, _ending.Token).WaitAsync(timeout, time, CancellationToken.None);
            var response = await NextAsync().WaitAsync(timeout, time, CancellationToken.None);
            return response.Created
                ? response.Header.ClusterId
                : throw new RpcException(new Status(StatusCode.Internal, "etcd did not begin the watch"));
        }
        catch (TimeoutException)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "etcd did not begin the watch in time"));
        }
        catch (OperationCanceledException)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "the watch was ended"));
        }
        catch (Exception error) when (error is IOException or HttpRequestException or InvalidOperationException)
        {
            // What a write says of a connection that ends while it is made, or of a call that has ended before it.
            throw new RpcException(new Status(StatusCode.Unavailable, error.Message, error));
        }
    }

    /// <summary>The events of the next whole answer; none for a sign of life.</summary>
    public async Task<IReadOnlyList<KeyEvent>> ReadAsync()
    {
        var events = new List<KeyEvent>();
        WatchResponse response;
        do
        {
            // A large answer comes in fragments, which may break a revision: only the last of them completes it.
            response = await NextAsync();
            foreach (var change in response.Events)
            {
                events.Add(EtcdMessages.ToEvent(change));
            }
        }
        while (response.Fragment);
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _call.Dispose();
        _ending.Dispose();
    }

    private async Task<WatchResponse> NextAsync()
    {
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None))
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "etcd ended the watch"));
        }

        var response = _call.ResponseStream.Current;
        if (response.CompactRevision > 0)
        {
            throw new StorageException(StorageErrorKind.Compacted, $"the watch's revision has been compacted, the oldest is {response.CompactRevision}");
        }

        return response.Canceled ? throw new RpcException(new Status(StatusCode.Unavailable, response.CancelReason)) : response;
    }
}
