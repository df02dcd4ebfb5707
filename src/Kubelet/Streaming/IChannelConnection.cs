namespace MiniKube.Kubelet.Streaming;

/// <summary>A connection with a client that carries several channels.</summary>
internal interface IChannelConnection : IChannelSender, IAsyncDisposable
{
    /// <summary>Cancelled when the client has gone.</summary>
    CancellationToken Lost { get; }

    /// <summary>Says good-bye and waits, for a while, until the client has heard all and closes, too.</summary>
    Task CloseAsync();
}
