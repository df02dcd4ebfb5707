using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Tests.WatchCache;

public sealed class ReadIndexTests
{
    [Fact]
    public async Task Current_WhileAReadIsUnderWay_WaitsForTheNextAndSharesIt()
    {
        var reads = new List<TaskCompletionSource<long>>();
        var index = new ReadIndex(_ =>
        {
            var read = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (reads)
            {
                reads.Add(read);
            }

            return read.Task;
        });

        var first = index.CurrentAsync();
        var second = index.CurrentAsync();
        var third = index.CurrentAsync();
        reads[0].SetResult(7);
        Assert.Equal(7, await first);
        await TestSupport.Eventually.GetAsync(
            _ => Task.FromResult(reads.Count), count => count == 2, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        reads[1].SetResult(9);

        Assert.Equal(9, await second);
        Assert.Equal(9, await third);
        Assert.Equal(2, reads.Count);
    }
}
