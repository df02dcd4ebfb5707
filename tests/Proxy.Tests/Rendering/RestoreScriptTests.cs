using MiniKube.Proxy.Rendering;

namespace MiniKube.Proxy.Tests.Rendering;

public sealed class RestoreScriptTests
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];

    [Fact]
    public void Between_Alike_IsEmpty() =>
        Assert.Empty(RestoreScript.Between([Table(("A", "-j X"))], [Table(("A", "-j X"))], Nothing));

    [Fact]
    public void Between_OneChainDiffers_WritesOnlyThat() => Assert.Equal(
        "*nat\n:B - [0:0]\n-A B -j Z\nCOMMIT\n",
        RestoreScript.Between([Table(("A", "-j X"), ("B", "-j Y"))], [Table(("A", "-j X"), ("B", "-j Z"))], Nothing));

    [Fact]
    public void Between_ChainGone_EmptiesThenDeletesIt() => Assert.Equal(
        "*nat\n:A - [0:0]\n:B - [0:0]\n-A A -j X\n-X B\nCOMMIT\n",
        RestoreScript.Between([Table(("A", "-j B"), ("B", "-j Y"))], [Table(("A", "-j X"))], Nothing));

    [Fact]
    public void Between_FirstTime_DeletesWhatAnEarlierRunLeft() => Assert.Equal(
        "*nat\n:A - [0:0]\n:KUBE-SVC-OLD - [0:0]\n-A A -j X\n-X KUBE-SVC-OLD\nCOMMIT\n",
        RestoreScript.Between(
            [], [Table(("A", "-j X"))], new Dictionary<string, IReadOnlyList<string>> { ["nat"] = ["A", "KUBE-SVC-OLD"] }));

    private static IptablesTable Table(params (string Name, string Rule)[] chains) =>
        new("nat", chains.ToDictionary(chain => chain.Name, chain => new Chain(chain.Name, [chain.Rule])));
}
