using Microsoft.Extensions.Time.Testing;

namespace MiniKube.Proxy.Tests;

public sealed class SyncLimiterTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Wait_BurstOfTwo_ThenOneAPeriod()
    {
        var limiter = new SyncLimiter(TimeSpan.FromSeconds(1), _clock);
        await limiter.WaitAsync(TestContext.Current.CancellationToken);
        await limiter.WaitAsync(TestContext.Current.CancellationToken);

        var third = limiter.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(third.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await third;
    }
}
