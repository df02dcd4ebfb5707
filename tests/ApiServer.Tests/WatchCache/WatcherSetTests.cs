using System.Diagnostics;
using System.Text;

using MiniKube.Api.Selectors;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Tests.WatchCache;

public sealed class WatcherSetTests
{
    private const int Capacity = 10_000;

    [Fact]
    public void Dispatch_ClientThatDoesNotRead_IsTheOnlyOneGivenUp()
    {
        var watchers = new WatcherSet(null);
        using var deaf = Watch(watchers, "");
        using var healthy = Watch(watchers, "");
        List<CacheWatcher>? full = null;

        for (var revision = 1; revision <= Capacity + 1 && full is null; revision++)
        {
            full = watchers.Dispatch(Change(revision, "v"));
            Assert.True(healthy.TryRead(out var next));
            Assert.Equal(revision, next.Revision);
        }

        Assert.Equal([deaf], full);
    }

    [Fact]
    public void Dispatch_TenThousandWatchersOfAThousandSelectors_IsBounded()
    {
        var watchers = new WatcherSet(null);
        var all = Enumerable.Range(0, 10_000).Select(index => Watch(watchers, $"n=v{index % 1000}")).ToList();
        var watch = Stopwatch.StartNew();

        for (var revision = 1; revision <= 100; revision++)
        {
            Assert.Null(watchers.Dispatch(Change(revision, "v7")));
        }

        // A million comparisons; measured 60 ms.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(10, all.Count(watcher => watcher.TryRead(out _)));
        all.ForEach(watcher => watcher.Dispose());
    }

    private static CacheWatcher Watch(WatcherSet watchers, string selector)
    {
        var watcher = new CacheWatcher(new ObjectFilter(true, "", LabelSelector.Parse(selector), FieldSelector.Everything, null), wantsBookmarks: false);
        watchers.Add(watcher);
        return watcher;
    }

    private static CacheEvent Change(long revision, string label)
    {
        var json = Encoding.UTF8.GetBytes($$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a{{{revision}}}","namespace":"n","labels":{"n":"{{{label}}}"} } }""");
        return new CacheEvent(CacheEventType.Added, new CachedObject($"n/a{revision}", revision, ObjectBytes.FromStored(json, revision), SmallMap.Empty), null);
    }
}
