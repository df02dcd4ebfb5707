using System.Text;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client.Transport;

namespace MiniKube.Client.Tests;

public sealed class WatchLineTests
{
    [Theory]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"a"}}}""", WatchEventType.Added)]
    [InlineData("""{"object":{"metadata":{"name":"a"},"x":[1,{"type":"ADDED"}]},"type":"DELETED"}""", WatchEventType.Deleted)]
    [InlineData("""{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"name":"a","resourceVersion":"7"}}}""", WatchEventType.Bookmark)]
    public async Task Read_Event_InWhateverOrderItsFieldsCome(string line, WatchEventType type)
    {
        var read = Assert.Single(await ReadAsync(line + "\n"));

        Assert.Equal((type, "a"), (read.Type, read.Object.Metadata.Name));
    }

    [Fact]
    public async Task Read_ErrorEvent_IsThrown()
    {
        var exception = await Assert.ThrowsAsync<StatusException>(
            () => ReadAsync("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}""" + "\n"));

        Assert.Equal((410, "Expired"), (exception.Code, exception.Reason));
    }

    [Fact]
    public async Task ReadAll_LastLineWithoutItsEnd_IsNotAnEvent() =>
        Assert.Single(await ReadAsync("""
            {"type":"ADDED","object":{"metadata":{"name":"a"}}}
            {"type":"ADDED","object":{"meta
            """));

    private static async Task<List<WatchEvent<V1Pod>>> ReadAsync(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var events = new List<WatchEvent<V1Pod>>();
        await foreach (var line in WatchLine.ReadAllAsync(stream, TestContext.Current.CancellationToken))
        {
            events.Add(line.Read<V1Pod>());
        }

        return events;
    }
}
