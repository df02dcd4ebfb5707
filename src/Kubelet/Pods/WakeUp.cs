using System.Threading.Channels;

namespace MiniKube.Kubelet.Pods;

/// <summary>Something to wait for, for a time at most. Signals while nobody waits count as one.</summary>
internal sealed class WakeUp(TimeProvider clock)
{
    // A timer takes 49 days at most; looking once a day does no harm.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Signal() => _signals.Writer.TryWrite(true);

    /// <summary>Returns at a signal or when the time is up, which is as good a reason to look as any.</summary>
    public async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (_signals.Reader.TryRead(out _))
        {
            return;
        }

        using var timeout = new CancellationTokenSource(wait > LongestWait ? LongestWait : wait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _signals.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up.
        }
    }
}
