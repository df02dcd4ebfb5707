using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Tests.WatchCache;

public sealed class BTreeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomChanges_AlwaysEqualASortedMap(int seed)
    {
        var random = new Random(seed);
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var tree = BTree<string>.Empty;
        for (var step = 0; step < 20_000; step++)
        {
            var key = $"k{random.Next(2000)}";
            if (random.Next(3) == 0)
            {
                expected.Remove(key);
                tree = tree.Remove(key);
            }
            else
            {
                expected[key] = $"v{step}";
                tree = tree.Set(key, $"v{step}");
            }
        }

        Assert.Equal(expected.Count, tree.Count);
        Assert.Equal(expected.Values, Values(tree, ""));
        Assert.Equal(expected.Where(pair => string.CompareOrdinal(pair.Key, "k15") >= 0).Select(pair => pair.Value), Values(tree, "k15"));
        Assert.All(expected, pair => Assert.Equal(pair.Value, tree.Find(pair.Key)));
    }

    [Fact]
    public void Set_OldTree_StaysAsItWas()
    {
        var old = BTree<string>.FromSorted([.. Enumerable.Range(0, 500).Select(i => KeyValuePair.Create($"k{i:000}", "old"))]);

        var changed = old.Set("k250", "new").Remove("k251");

        Assert.Equal("old", old.Find("k250"));
        Assert.Equal("old", old.Find("k251"));
        Assert.Equal("new", changed.Find("k250"));
        Assert.Null(changed.Find("k251"));
    }

    [Fact]
    public void VisitPrefix_SimilarPrefixes_StaysWithinItsOwn()
    {
        var tree = BTree<string>.Empty.Set("foo/a", "1").Set("foobar/a", "2").Set("fo/a", "3");
        var values = new List<string>();

        tree.VisitPrefix("foo/", "", value =>
        {
            values.Add(value);
            return true;
        });

        Assert.Equal(["1"], values);
    }

    private static List<string> Values(BTree<string> tree, string start)
    {
        var values = new List<string>();
        tree.VisitFrom(start, (_, value) =>
        {
            values.Add(value);
            return true;
        });
        return values;
    }
}
