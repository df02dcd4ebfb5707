namespace MiniKube.Kubelet.Streaming;

/// <summary>The sending side of a connection that carries several channels. May be called from several at once.</summary>
internal interface IChannelSender
{
    ValueTask SendAsync(int channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Says that nothing more comes on this channel, where the protocol has words for it.</summary>
    ValueTask EndAsync(int channel, CancellationToken cancellationToken);
}
