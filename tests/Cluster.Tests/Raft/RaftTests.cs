using System.Net;

namespace MiniKube.Cluster.Tests.Raft;

/// <summary>What the talk shows with its example of Raft: values are written anywhere and read anywhere, and who dies is not missed.</summary>
public sealed class RaftTests(RaftTrio trio) : IClassFixture<RaftTrio>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leader_Killed_IsFollowed_AndComesBackToAllThatWasWritten()
    {
        var leader = await trio.StartAllAsync();
        var other = RaftTrio.Members.First(member => member != leader);
        using var first = await trio.PutAsync(other, "testkey", "value");
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal(["value", "value", "value"], await Task.WhenAll(RaftTrio.Members.Select(member => trio.ReadAsync(member, "testkey"))));

        await trio.KillAsync(leader);
        // Once there is a new leader: a request that was under way when the old one died may have an unknown fate.
        await trio.LeaderAsync();
        using var second = await trio.PutAsync(other, "testkey", "value2");
        Assert.Equal(HttpStatusCode.NoContent, second.StatusCode);

        trio.Start(leader);
        Assert.Equal(["value2", "value2", "value2"], await Task.WhenAll(RaftTrio.Members.Select(member => trio.ReadAsync(member, "testkey"))));
        using var deleted = await trio.DeleteAsync(other, "testkey");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await trio.GetAsync(other, "testkey");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task AllMembers_KilledRightAfterAnAnswer_KeepWhatWasAnswered()
    {
        await trio.StartAllAsync();
        using var answer = await trio.PutAsync(1, "kept", "value");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        await trio.KillAsync([.. RaftTrio.Members]);
        await trio.StartAllAsync();

        Assert.Equal(["value", "value", "value"], await Task.WhenAll(RaftTrio.Members.Select(member => trio.ReadAsync(member, "kept"))));
    }

    [Fact]
    public async Task Member_WithoutAMajority_AnswersNeitherReadNorWrite_UntilOthersAreBack()
    {
        await trio.StartAllAsync();
        using var answer = await trio.PutAsync(1, "alone", "value");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        await trio.KillAsync(2, 3);
        var answers = await Task.WhenAll(trio.GetAsync(1, "alone"), trio.PutAsync(1, "alone", "value2"));
        using var read = answers[0];
        using var write = answers[1];

        Assert.Equal(HttpStatusCode.ServiceUnavailable, read.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, write.StatusCode);
        Assert.Contains("not known", await write.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        trio.Start(2);
        Assert.Contains(await trio.ReadAsync(1, "alone"), (string[])["value", "value2"]);
    }
}
