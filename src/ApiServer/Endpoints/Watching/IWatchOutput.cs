namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>Where events go: the body of the answer, or a WebSocket.</summary>
internal interface IWatchOutput
{
    /// <summary>Whether so much waits to be sent that it should be.</summary>
    bool IsLarge { get; }

    /// <summary>Adds to the event that is being written.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>The event is whole.</summary>
    void EndEvent();

    /// <summary>Sends what has been written; waits for a slow client.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
