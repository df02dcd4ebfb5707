using System.Text;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Tests.WatchCache;

public sealed class TextPoolTests
{
    [Theory]
    [InlineData("")]
    [InlineData("app")]
    [InlineData("naïve")]
    [InlineData("\u0000")]
    public void Share_AnyText_IsThatText(string text)
    {
        Assert.Equal(text, TextPool.Share(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(text, TextPool.Share(text));
    }

    [Fact]
    public void Share_ALongText_IsThatText()
    {
        var text = new string('x', 1000);

        Assert.Equal(text, TextPool.Share(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(text, TextPool.Share(text));
    }

    // More texts than slots: each pushes out another, and none is taken for another.
    [Fact]
    public void Share_MoreTextsThanThePoolHolds_EachIsItself() =>
        Assert.All(Enumerable.Range(0, 20_000).Select(number => $"text-{number}"), text => Assert.Equal(text, TextPool.Share(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void SmallMap_FindsWhatIsThere()
    {
        var map = SmallMap.Of(["a", "1", "b", "2"]);

        Assert.Equal(("1", "2", 2), (map["a"], map["b"], map.Count));
        Assert.False(map.TryGetValue("1", out _));
        Assert.Equal(["a", "b"], map.Keys);
    }
}
