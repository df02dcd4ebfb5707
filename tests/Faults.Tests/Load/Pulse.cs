using MiniKube.Faults.Tests.Checking;

namespace MiniKube.Faults.Tests.Load;

/// <summary>Tries the same thing ten times a second, whether or not it has been answered before, and remembers when it worked.</summary>
internal sealed class Pulse(Func<CancellationToken, Task<bool>> beat, long start, TimeProvider clock)
{
    /// <summary>Shorter breaks are no outage: a beat comes every tenth of a second, and a busy machine misses one.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly List<TimeSpan> _worked = [];

    /// <summary>When it did not work, after <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<Span> Outages
    {
        get
        {
            var moments = _worked.Order().ToList();
            return [.. moments.Zip(moments.Skip(1), (from, to) => new Span(from, to)).Where(span => span.Length >= Least)];
        }
    }

    /// <summary>Ends when the last beat has been answered.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var beats = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            beats.Add(BeatAsync());
            await Task.Delay(Period, clock, CancellationToken.None);
        }

        await Task.WhenAll(beats);
    }

    private async Task BeatAsync()
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            if (await beat(patience.Token))
            {
                lock (_worked)
                {
                    _worked.Add(clock.GetElapsedTime(start));
                }
            }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            // It did not work this time.
        }
    }
}
