using k8s.Models;

using MiniKube.ControllerManager.Batch.Jobs;

namespace MiniKube.ControllerManager.Tests;

public sealed class JobStateTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("", 0, "")]
    [InlineData("0,2-5,7", 6, "0,2-5,7")]
    [InlineData("0,1", 2, "0,1")]
    [InlineData("0-2,3", 4, "0-3")]
    [InlineData("5,8-12", 3, "5,8,9")] // completions were made fewer
    public void IndexSet_OfText_IsUpstreams(string text, int count, string expected)
    {
        var indexes = IndexSet.Parse(text, 10);

        Assert.Equal(count, indexes.Count);
        Assert.Equal(expected, indexes.ToString());
    }

    [Fact]
    public void IndexSet_Gaps_AreTheLowestThatAreMissing()
    {
        Assert.Equal([1, 6, 8, 9], IndexSet.Parse("0,2-5,7", 10).Gaps(10));
        Assert.Equal([0, 1, 2], IndexSet.Empty.Gaps(3));
        Assert.True(IndexSet.Parse("0,2-5,7", 10).Contains(4));
        Assert.False(IndexSet.Parse("0,2-5,7", 10).Contains(6));
        Assert.Equal("0-5,7", IndexSet.Parse("0,2-5,7", 10).Union(IndexSet.Of([1, 4])).ToString());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(7, 600)]
    [InlineData(100, 600)]
    public void Backoff_DoublesUpToTenMinutes(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), JobBackoff.Remaining(failures, Now, Now));

    [Fact]
    public void Backoff_CountsFailuresSinceTheLastSuccess()
    {
        var backoff = new JobBackoff();
        var key = new Api.Meta.NamespacedName("default", "j");
        backoff.Set(key, backoff.Next(key, [], [Pod("a", "Failed", 0), Pod("b", "Failed", 5)]));

        Assert.Equal(new JobBackoff.Record(3, Now.AddSeconds(9)), backoff.Next(key, [], [Pod("c", "Failed", 9)]));
        Assert.Equal(new JobBackoff.Record(1, Now.AddSeconds(9)), backoff.Next(key, [Pod("d", "Succeeded", 7)], [Pod("c", "Failed", 9), Pod("e", "Failed", 6)]));
        Assert.Equal(new JobBackoff.Record(0, null), backoff.Next(key, [Pod("d", "Succeeded", 7)], []));
    }

    [Fact]
    public void Tally_CountsAPodOnce_ThoughEachStepMayBeRepeated()
    {
        var job = Objects.Job("j") with { Status = new V1JobStatus { StartTime = Now } };
        V1Pod[] pods = [Pod("ok", "Succeeded", 1), Pod("bad", "Failed", 1)];

        // First: the uids go into the status.
        var first = JobTally.Of(new JobState(job, pods, new HashSet<string>(), Now), job.Status, null);
        Assert.Equal(["ok"], first.Status.UncountedTerminatedPods.Succeeded);
        Assert.Equal(["bad"], first.Status.UncountedTerminatedPods.Failed);
        Assert.Equal((null, null), (first.Status.Succeeded, first.Status.Failed));
        // After a crash the same again: nothing is added.
        var written = job with { Status = first.Status };
        var again = JobTally.Of(new JobState(written, pods, new HashSet<string>(), Now), written.Status, null);
        Assert.Equal(["ok"], again.Status.UncountedTerminatedPods.Succeeded);
        // The finalizers go, and the uids become numbers; the cache does not show it yet.
        again.Released(written.Status, pods);
        Assert.Equal((1, 1), (again.Status.Succeeded, again.Status.Failed));
        Assert.Null(again.Status.UncountedTerminatedPods.Succeeded);
        var counted = job with { Status = again.Status };
        var stale = new JobState(counted, pods, new HashSet<string> { "ok", "bad" }, Now);
        Assert.Equal((1, 1), (stale.Succeeded, stale.Failed));
        Assert.Empty(JobTally.Of(stale, counted.Status, null).Release);
    }

    [Theory]
    [InlineData("FailJob", 3, "In", 3, "FailJob")]
    [InlineData("Ignore", 3, "NotIn", 4, "Ignore")]
    [InlineData("Ignore", 3, "In", 4, null)]
    public void FailurePolicy_ByExitCode_TakesTheFirstRuleThatFits(string action, int exitCode, string @operator, int value, string? expected)
    {
        var job = Objects.Job("j");
        job.Spec.PodFailurePolicy = new V1PodFailurePolicy
        {
            Rules =
            [
                new V1PodFailurePolicyRule { Action = "Count", OnPodConditions = [new V1PodFailurePolicyOnPodConditionsPattern { Type = "DisruptionTarget", Status = "True" }] },
                new V1PodFailurePolicyRule { Action = action, OnExitCodes = new V1PodFailurePolicyOnExitCodesRequirement { OperatorProperty = @operator, Values = [value] } },
            ],
        };

        Assert.Equal(expected, PodFailureMatch.Of(job, Pod("p", "Failed", 0, exitCode)).Action);
    }

    private static V1Pod Pod(string name, string phase, int ended, int exitCode = 0) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = name, Finalizers = [JobPods.TrackingFinalizer] },
        Status = new V1PodStatus
        {
            Phase = phase,
            ContainerStatuses =
            [
                new V1ContainerStatus
                {
                    Name = "web",
                    State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = exitCode, FinishedAt = Now.AddSeconds(ended) } },
                },
            ],
        },
    };
}
