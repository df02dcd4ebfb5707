using System.Text;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Tests.WatchCache;

public sealed class WatchHistoryTests
{
    private const int Kept = 100;
    private const int LargeValue = 1024 * 1024;

    [Fact]
    public void Add_ObjectsThatAreStillThere_WeighNothing()
    {
        var history = new WatchHistory(0);

        for (var revision = 1; revision <= 500; revision++)
        {
            history.Add(new CacheEvent(CacheEventType.Added, Object(revision, LargeValue), null));
        }

        Assert.Equal((500, 0), (history.Count, history.Floor));
    }

    [Fact]
    public void Add_WhatWasReplaced_IsBoundedInBytes()
    {
        var history = new WatchHistory(0);
        var previous = Object(1, LargeValue);

        for (var revision = 2; revision <= 300; revision++)
        {
            var next = Object(revision, LargeValue);
            history.Add(new CacheEvent(CacheEventType.Modified, next, previous));
            previous = next;
        }

        Assert.Equal((Kept, 200), (history.Count, history.Floor));
    }

    [Fact]
    public void Forget_OldChanges_LeavesTheLastFewAndSaysHowFarItReaches()
    {
        var history = new WatchHistory(0);
        for (var revision = 1; revision <= 1000; revision++)
        {
            history.Add(new CacheEvent(CacheEventType.Added, Object(revision, 1), null));
        }

        history.Forget(600);
        Assert.Equal((400, 600), (history.Count, history.Floor));

        history.Forget(2000);
        Assert.Equal((Kept, 900), (history.Count, history.Floor));
        Assert.Equal(901, history.After(0).First().Revision);
    }

    [Fact]
    public void AtRevision_OfADeletedObject_IsServedWithThatRevision()
    {
        var deleted = Object(7, 1).AtRevision(9).AtRevision(12);

        Assert.Equal(12, deleted.Revision);
        Assert.Contains("\"resourceVersion\":\"12\"", Encoding.UTF8.GetString(deleted.Json.Span), StringComparison.Ordinal);
        Assert.Equal("b", deleted.Labels["a"]);
    }

    private static CachedObject Object(long revision, int size)
    {
        var json = $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"n","labels":{"a":"b"}},"data":{"x":"{{{new string('x', size)}}}"} }""";
        return new CachedObject("n/a", revision, ObjectBytes.FromStored(Encoding.UTF8.GetBytes(json), revision), SmallMap.Empty);
    }
}
