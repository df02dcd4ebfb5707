using MiniKube.Cluster.Demo;

namespace MiniKube.Cluster.Tests.Demo;

public sealed class LoadFiguresTests
{
    [Fact]
    public void Of_ALoadThatNothingHappenedTo_IsClean() => Assert.Equal(
        new LoadFigures(3, 0, 0, TimeSpan.Zero, TimeSpan.FromSeconds(2)), LoadFigures.Of([Answered(1, 0, 1), Answered(1, 2, 3), Answered(2, 0, 9)]));

    [Fact]
    public void Of_RequestsThatFailed_CountsThem_AndTheLongestThatAClientWaited()
    {
        var figures = LoadFigures.Of(
        [
            Answered(1, 0, 1), Failed(1, 2, 5), Failed(1, 5, 6) with { Kind = AttemptKind.List }, Answered(1, 6, 8),
            Answered(2, 0, 2), Failed(2, 1, 2), Answered(2, 3, 4),
        ]);

        Assert.Equal(new LoadFigures(7, 3, 1, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(7)), figures);
    }

    [Fact]
    public void Of_NothingAtAll_IsNothing() => Assert.Equal(new LoadFigures(0, 0, 0, TimeSpan.Zero, TimeSpan.Zero), LoadFigures.Of([]));

    private static Attempt Answered(int client, int call, int end) =>
        new(client, AttemptKind.Read, "object", "value", 0, 1, TimeSpan.FromSeconds(call), TimeSpan.FromSeconds(end), AttemptOutcome.Ok);

    private static Attempt Failed(int client, int call, int end) => Answered(client, call, end) with { Outcome = AttemptOutcome.Unknown };
}
