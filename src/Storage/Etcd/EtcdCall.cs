namespace MiniKube.Storage.Etcd;

/// <summary>A request under way with a member.</summary>
/// <param name="began">When, as the clock's timestamp.</param>
/// <param name="term">The term in which the member was last seen to follow a leader; 0 if that is not known.</param>
/// <param name="ending">Ends it before its time.</param>
/// <param name="ended">What is to be done when it is over.</param>
internal sealed class EtcdCall(long began, ulong term, CancellationTokenSource ending, Action<EtcdCall> ended) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _isOver;

    public long Began => began;

    public CancellationToken Token { get; } = ending.Token;

    /// <summary>
    /// Gives up what was asked under another leader: a member passes a write on to its leader, and says nothing for 7 s when that was lost with it. A term that is
    /// not known is compared with nothing.
    /// </summary>
    public void EndUnlessIn(ulong now)
    {
        lock (_gate)
        {
            if (!_isOver && term != 0 && term != now)
            {
                // By the timer's thread: whoever waits for the request goes on in the midst of a cancellation.
                ending.CancelAfter(TimeSpan.Zero);
            }
        }
    }

    public void Dispose()
    {
        ended(this);
        lock (_gate)
        {
            _isOver = true;
            ending.Dispose();
        }
    }
}
