using System.Threading.Channels;

namespace MiniKube.Kubelet.Pods;

/// <summary>The one channel into the sync loop. It is unbounded because an informer's handler must not block; the loop itself does no work.</summary>
internal sealed class SyncQueue
{
    private readonly Channel<SyncEvent> _channel = Channel.CreateUnbounded<SyncEvent>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<SyncEvent> Reader => _channel.Reader;

    public void Add(SyncEvent syncEvent) => _channel.Writer.TryWrite(syncEvent);
}
