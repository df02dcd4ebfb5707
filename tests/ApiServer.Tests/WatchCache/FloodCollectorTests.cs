using Microsoft.Extensions.Time.Testing;

using MiniKube.ApiServer.WatchCache;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.WatchCache;

public sealed class FloodCollectorTests
{
    [Theory]
    [InlineData(3000, 100, 1)]
    [InlineData(3000, 2000, 0)]
    [InlineData(1500, 0, 0)]
    public async Task Collector_WatchesEnd_CollectsOnlyAfterAFlood(int most, int left, int collections)
    {
        var clock = new FakeTimeProvider();
        var (watchers, looks, collected) = (most, 0, 0);
        using var collector = new FloodCollector(
            () =>
            {
                looks++;
                return watchers;
            },
            clock,
            () => collected++);
        await collector.StartAsync(TestContext.Current.CancellationToken);

        await LookAsync();
        watchers = left;
        await LookAsync();
        await LookAsync();
        await collector.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(collections, collected);

        async Task LookAsync()
        {
            var before = Volatile.Read(ref looks);
            await Eventually.GetAsync(
                _ =>
                {
                    clock.Advance(TimeSpan.FromSeconds(2));
                    return Task.FromResult(Volatile.Read(ref looks));
                },
                now => now > before,
                TimeSpan.FromSeconds(60),
                TestContext.Current.CancellationToken);
        }
    }
}
