using Microsoft.Extensions.Time.Testing;

using MiniKube.Client.WorkQueues;

namespace MiniKube.Client.Tests;

public sealed class WorkQueueTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_TheSameKeyTwice_IsWorkedOnOnce()
    {
        using var queue = new WorkQueue<string>(_clock);

        queue.Add("a");
        queue.Add("a");

        Assert.Equal("a", await queue.GetAsync(Cancelled));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task Add_WhileTheKeyIsWorkedOn_WaitsUntilThatIsDone()
    {
        using var queue = new WorkQueue<string>(_clock);
        queue.Add("a");
        await queue.GetAsync(Cancelled);

        queue.Add("a");
        Assert.Equal(0, queue.Count);
        queue.Done("a");

        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void AddAfter_TwoTimes_TheEarlierCounts()
    {
        using var queue = new WorkQueue<string>(_clock);

        queue.AddAfter("a", TimeSpan.FromSeconds(10));
        queue.AddAfter("a", TimeSpan.FromSeconds(2));
        queue.AddAfter("a", TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, queue.Count);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void AddAfter_AYear_IsMoreThanATimerTakes_YetItComes()
    {
        using var queue = new WorkQueue<string>(_clock);

        queue.AddAfter("a", TimeSpan.FromDays(365));
        _clock.Advance(TimeSpan.FromDays(364));
        Assert.Equal(0, queue.Count);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public async Task AddRateLimited_AfterEachFailure_WaitsTwiceAsLong()
    {
        using var queue = new WorkQueue<string>(_clock);
        foreach (var milliseconds in (int[])[5, 10, 20, 40])
        {
            queue.AddRateLimited("a");
            _clock.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
            Assert.Equal(0, queue.Count);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await queue.GetAsync(Cancelled);
            queue.Done("a");
        }

        queue.Forget("a");
        queue.AddRateLimited("a");
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void AddRateLimited_ManyKeys_TenASecondAfterABurstOfAHundred()
    {
        using var queue = new WorkQueue<int>(_clock);

        for (var key = 0; key < 120; key++)
        {
            queue.AddRateLimited(key);
        }

        _clock.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(100, queue.Count);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(110, queue.Count);
    }
}
