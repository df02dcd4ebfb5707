namespace MiniKube.Client.Informers;

/// <summary>client-go's: 800 ms, doubling to 30 s, up to as much again by chance; starts over after two minutes without a failure.</summary>
internal sealed class ReflectorBackoff(TimeProvider clock, Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ResetAfter = TimeSpan.FromMinutes(2);

    private TimeSpan _next = First;
    private long _last = clock.GetTimestamp();

    public TimeSpan Next()
    {
        if (clock.GetElapsedTime(_last) >= ResetAfter)
        {
            _next = First;
        }

        _last = clock.GetTimestamp();
        var delay = _next;
        _next = delay * 2 < Longest ? delay * 2 : Longest;
        return delay * (1 + random.NextDouble());
    }
}
