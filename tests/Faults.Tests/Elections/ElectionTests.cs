using System.Globalization;

namespace MiniKube.Faults.Tests.Elections;

/// <summary>
/// Scheduler and controller manager act from one place at a time, whatever happens to the one that leads; and another follows. Counted in the audit logs of the API servers.
/// MINIKUBE_ELECTION_ROUNDS=50 repeats each failure as often.
/// </summary>
[Trait("Needs", "Machine")]
public sealed class ElectionTests(ElectionCluster cluster, ITestOutputHelper output) : IClassFixture<ElectionCluster>
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private static int? Campaign => Environment.GetEnvironmentVariable("MINIKUBE_ELECTION_ROUNDS") is { } rounds ? int.Parse(rounds, CultureInfo.InvariantCulture) : null;

    [Fact]
    public async Task PausedLeaders_ThatWakeUp_WriteNothing()
    {
        var waits = new List<double>();
        var refused = 0;
        for (var round = 0; round < (Campaign ?? 5); round++)
        {
            // Both at once: it takes as long as one.
            var leaders = await LeadersAsync();
            leaders.ForEach(leader => leader.Who.Pause());
            var paused = Clock.GetUtcNow();
            var followers = await FollowersAsync(leaders);
            var woken = Clock.GetUtcNow();
            leaders.ForEach(leader => leader.Who.Resume());
            foreach (var leader in leaders)
            {
                var standsBy = await cluster.StandsByAsync(leader.Who, woken);
                var tried = cluster.Read().Where(record => record.IsWrite && record.User == leader.Who.User && record.Received >= woken && record.Received <= standsBy).ToList();
                Assert.DoesNotContain(tried, record => record.Code < 300);
                refused += tried.Count(record => record.Code == 412);
            }

            waits.AddRange(followers.Select(follower => (follower.Completed - paused).TotalSeconds));
        }

        Report("paused", waits, $"; {refused} writes of those who woke up were refused, none was done");
        AssertOneAtATime();
    }

    [Fact]
    public async Task StoppedLeaders_GiveTheirLeasesBack_AndOthersFollowAtOnce()
    {
        var waits = new List<double>();
        for (var round = 0; round < (Campaign ?? 1); round++)
        {
            var leaders = await LeadersAsync();
            var holders = await Task.WhenAll(leaders.Select(leader => cluster.HolderAsync(leader.Who.Lease)));
            var asked = Clock.GetUtcNow();
            await Task.WhenAll(leaders.Select(leader => leader.Who.StopAsync()));
            foreach (var (leader, holder) in leaders.Zip(holders))
            {
                // Not run out: given back.
                Assert.NotEqual(holder, await cluster.HolderAsync(leader.Who.Lease));
            }

            waits.AddRange((await FollowersAsync(leaders)).Select(follower => (follower.Completed - asked).TotalSeconds));
            leaders.ForEach(leader => leader.Who.Start());
            await StandByAsync(leaders, asked);
        }

        Report("stopped", waits);
        AssertOneAtATime();
    }

    [Fact]
    public async Task KilledLeaders_AreFollowed_WhenTheirLeasesHaveRunOut()
    {
        var waits = new List<double>();
        for (var round = 0; round < (Campaign ?? 1); round++)
        {
            var leaders = await LeadersAsync();
            var killed = Clock.GetUtcNow();
            await Task.WhenAll(leaders.Select(leader => leader.Who.KillAsync()));
            waits.AddRange((await FollowersAsync(leaders)).Select(follower => (follower.Completed - killed).TotalSeconds));
            var started = Clock.GetUtcNow();
            leaders.ForEach(leader => leader.Who.Start());
            await StandByAsync(leaders, started);
        }

        Report("killed", waits);
        AssertOneAtATime();
    }

    /// <summary>Who leads now, and in which epoch.</summary>
    private async Task<List<(Candidate Who, long Epoch)>> LeadersAsync()
    {
        var leaders = new List<(Candidate, long)>();
        foreach (var lease in ElectionCluster.Leases)
        {
            var act = await cluster.ActsAsync(lease, 0);
            leaders.Add((cluster.Candidates.Single(candidate => candidate.User == act.User), act.Token));
        }

        return leaders;
    }

    /// <summary>The first writes of those who come after them.</summary>
    private async Task<IReadOnlyList<AuditRecord>> FollowersAsync(List<(Candidate Who, long Epoch)> leaders)
    {
        var followers = new List<AuditRecord>();
        foreach (var (who, epoch) in leaders)
        {
            followers.Add(await cluster.ActsAsync(who.Lease, epoch));
        }

        return followers;
    }

    private async Task StandByAsync(List<(Candidate Who, long Epoch)> candidates, DateTimeOffset after)
    {
        foreach (var (who, _) in candidates)
        {
            await cluster.StandsByAsync(who, after);
        }
    }

    private void AssertOneAtATime()
    {
        var wrong = EpochChecker.Check(cluster.Read());
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private void Report(string what, List<double> waits, string more = "")
    {
        var sorted = waits.Order().ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"leaders {what}, {(ElectionCluster.HasDefaultLeases ? "leases of 15 s" : "leases of 5 s")}, {waits.Count} times: others acted after {sorted[0]:0.0} to {sorted[^1]:0.0} s, half of them within {sorted[sorted.Count / 2]:0.0} s{more}"));
    }
}
