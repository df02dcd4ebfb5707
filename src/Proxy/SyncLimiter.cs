namespace MiniKube.Proxy;

/// <summary>Lets a few syncs through at once, then one a period: changes are followed quickly, and a flood of them costs little.</summary>
internal sealed class SyncLimiter(TimeSpan period, TimeProvider clock)
{
    private const int Burst = 2;

    private DateTimeOffset _paidUntil = DateTimeOffset.MinValue;

    /// <summary>Waits for a turn. For one caller.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var earliest = now - (period * (Burst - 1));
        _paidUntil = _paidUntil < earliest ? earliest : _paidUntil;
        if (_paidUntil > now)
        {
            await Task.Delay(_paidUntil - now, clock, cancellationToken);
        }

        _paidUntil += period;
    }
}
