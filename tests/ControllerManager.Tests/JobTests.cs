using k8s.Models;

using MiniKube.Client;

namespace MiniKube.ControllerManager.Tests;

public sealed class JobTests
{
    private const string Finalizer = "batch.kubernetes.io/job-tracking";

    [Fact]
    public async Task Job_OfThreeCompletions_RunsTwoAtATime_AndCompletes()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var job = Objects.Job("sum");
        (job.Spec.Completions, job.Spec.Parallelism) = (3, 2);
        job = await cluster.CreateAsync(job);

        var pods = await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2);
        Assert.All(pods, pod => Assert.Contains(Finalizer, pod.Metadata.Finalizers));
        Assert.All(pods, pod => Assert.Equal(job.Metadata.Uid, pod.ControllerReference()?.Uid));
        await cluster.EventuallyAsync<V1Job>("sum", found => found?.Status is { Active: 2, Ready: 0, Terminating: 0, StartTime: not null });
        await EndAsync(cluster, "Succeeded", pods);
        var third = await cluster.EventuallyAsync<V1Pod>(all => all.Count == 3);
        await cluster.EventuallyAsync<V1Job>("sum", found => found?.Status is { Succeeded: 2, Active: 1 });
        await EndAsync(cluster, "Succeeded", third.Where(pod => pods.All(other => other.Metadata.Name != pod.Metadata.Name)));

        var done = await cluster.EventuallyAsync<V1Job>("sum", found => Condition(found, "Complete") is { Status: "True" });
        Assert.Equal(3, done?.Status.Succeeded);
        Assert.Null(done?.Status.Active);
        Assert.NotNull(done?.Status.CompletionTime);
        Assert.Equal("CompletionsReached", Condition(done, "SuccessCriteriaMet")?.Reason);
        Assert.Equal("Reached expected number of succeeded pods", Condition(done, "Complete")?.Message);
        await cluster.EventuallyAsync<V1Pod>(all => all.Count == 3 && all.All(pod => pod.Metadata.Finalizers is null or []));
        await cluster.EventuallyAsync<Corev1Event>(events =>
            events.Any(e => e.Reason == "Completed" && e.Message == "Job completed" && e.Source.Component == "job-controller")
            && events.Count(e => e.Reason == "SuccessfulCreate") == 3);
    }

    [Fact]
    public async Task Job_PastItsBackoffLimit_Fails_AndItsPodsGo()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var job = Objects.Job("bad");
        (job.Spec.Completions, job.Spec.Parallelism, job.Spec.BackoffLimit) = (2, 2, 0);
        await cluster.CreateAsync(job);
        var pods = await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2);

        await EndAsync(cluster, "Failed", pods.Take(1));

        var failed = await cluster.EventuallyAsync<V1Job>("bad", found => Condition(found, "Failed") is { Status: "True" });
        Assert.Equal("BackoffLimitExceeded", Condition(failed, "Failed")?.Reason);
        Assert.Equal("Job has reached the specified backoff limit", Condition(failed, "FailureTarget")?.Message);
        Assert.Equal(2, failed?.Status.Failed);
        // The one that ended stays to be looked at.
        var left = Assert.Single(await cluster.EventuallyAsync<V1Pod>(all => all.Count == 1));
        Assert.Equal(pods[0].Metadata.Name, left.Metadata.Name);
        await cluster.EventuallyAsync<Corev1Event>(events => events.Any(e => e.Type == "Warning" && e.Reason == "BackoffLimitExceeded"));
    }

    [Fact]
    public async Task Job_PastItsDeadline_Fails()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var job = Objects.Job("slow");
        job.Spec.ActiveDeadlineSeconds = 1;
        await cluster.CreateAsync(job);

        var failed = await cluster.EventuallyAsync<V1Job>("slow", found => Condition(found, "Failed") is { Status: "True" });

        Assert.Equal(("DeadlineExceeded", "Job was active longer than specified deadline"), (Condition(failed, "Failed")?.Reason, Condition(failed, "Failed")?.Message));
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 0);
    }

    [Fact]
    public async Task IndexedJob_GivesEachPodItsIndex_AndTellsWhichAreDone()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var job = Objects.Job("parts");
        (job.Spec.Completions, job.Spec.Parallelism, job.Spec.CompletionMode) = (4, 4, "Indexed");
        await cluster.CreateAsync(job);
        var pods = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 4)).OrderBy(Index, StringComparer.Ordinal).ToList();

        Assert.Equal(["0", "1", "2", "3"], pods.Select(Index));
        Assert.StartsWith("parts-2-", pods[2].Metadata.Name, StringComparison.Ordinal);
        Assert.Equal("parts-2", pods[2].Spec.Hostname);
        Assert.Equal("2", pods[2].Metadata.Labels["batch.kubernetes.io/job-completion-index"]);
        Assert.Equal(
            "metadata.labels['batch.kubernetes.io/job-completion-index']",
            pods[2].Spec.Containers[0].Env.Single(variable => variable.Name == "JOB_COMPLETION_INDEX").ValueFrom.FieldRef.FieldPath);
        await EndAsync(cluster, "Succeeded", [pods[0], pods[2], pods[3]]);
        await cluster.EventuallyAsync<V1Job>("parts", found => found?.Status is { Succeeded: 3, CompletedIndexes: "0,2,3", Active: 1 });
        await EndAsync(cluster, "Succeeded", [pods[1]]);
        await cluster.EventuallyAsync<V1Job>("parts", found => found?.Status.CompletedIndexes == "0-3" && Condition(found, "Complete") is not null);
    }

    [Fact]
    public async Task SuccessPolicy_EndsTheJobEarly()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var job = Objects.Job("lead");
        (job.Spec.Completions, job.Spec.Parallelism, job.Spec.CompletionMode) = (3, 3, "Indexed");
        job.Spec.SuccessPolicy = new V1SuccessPolicy { Rules = [new V1SuccessPolicyRule { SucceededIndexes = "0" }] };
        await cluster.CreateAsync(job);
        var pods = await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 3);

        await EndAsync(cluster, "Succeeded", pods.Where(pod => Index(pod) == "0"));

        var done = await cluster.EventuallyAsync<V1Job>("lead", found => Condition(found, "Complete") is not null);
        Assert.Equal(("SuccessPolicy", "Matched rules at index 0"), (Condition(done, "SuccessCriteriaMet")?.Reason, Condition(done, "Complete")?.Message));
        Assert.Equal((1, 0), (done?.Status.Succeeded, done?.Status.Failed ?? 0));
        await cluster.EventuallyAsync<V1Pod>(all => all.Count == 1);
    }

    [Fact]
    public async Task PodFailurePolicy_FailJob_FailsAtOnce_AndSaysWhy()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var job = Objects.Job("strict");
        job.Spec.PodFailurePolicy = new V1PodFailurePolicy
        {
            Rules = [new V1PodFailurePolicyRule { Action = "FailJob", OnExitCodes = new V1PodFailurePolicyOnExitCodesRequirement { OperatorProperty = "In", Values = [42] } }],
        };
        await cluster.CreateAsync(job);
        var pod = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1))[0];

        await EndAsync(cluster, "Failed", [pod], exitCode: 42);

        var failed = await cluster.EventuallyAsync<V1Job>("strict", found => Condition(found, "Failed") is not null);
        Assert.Equal("PodFailurePolicy", Condition(failed, "Failed")?.Reason);
        Assert.Equal(
            $"Container web for pod default/{pod.Metadata.Name} failed with exit code 42 matching FailJob rule at index 0", Condition(failed, "FailureTarget")?.Message);
    }

    [Fact]
    public async Task BackoffLimitPerIndex_LetsTheOtherIndexesGoOn()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var job = Objects.Job("each");
        (job.Spec.Completions, job.Spec.Parallelism, job.Spec.CompletionMode, job.Spec.BackoffLimitPerIndex) = (2, 2, "Indexed", 0);
        await cluster.CreateAsync(job);
        var pods = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2)).OrderBy(Index, StringComparer.Ordinal).ToList();
        Assert.Equal("0", pods[0].Metadata.Annotations["batch.kubernetes.io/job-index-failure-count"]);

        await EndAsync(cluster, "Failed", [pods[0]]);
        await cluster.EventuallyAsync<V1Job>("each", found => found?.Status is { FailedIndexes: "0", Active: 1, Failed: 1 });
        await EndAsync(cluster, "Succeeded", [pods[1]]);

        var failed = await cluster.EventuallyAsync<V1Job>("each", found => Condition(found, "Failed") is not null);
        Assert.Equal(("FailedIndexes", "Job has failed indexes"), (Condition(failed, "Failed")?.Reason, Condition(failed, "Failed")?.Message));
        Assert.Equal("1", failed?.Status.CompletedIndexes);
    }

    [Fact]
    public async Task Suspend_DeletesThePods_WithoutCountingThem_AndResumingStartsAnew()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.Job("nap"));
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1);

        await cluster.PatchAsync<V1Job>("nap", new { spec = new { suspend = true } });
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 0);
        var asleep = await cluster.EventuallyAsync<V1Job>("nap", found => Condition(found, "Suspended") is { Status: "True", Reason: "JobSuspended" } && found?.Status.Active is null);
        Assert.Equal(0, asleep?.Status.Failed ?? 0);

        // As after a long rest: it begins anew.
        await cluster.PatchAsync<V1Job>("nap", new { status = new { startTime = "2026-01-01T00:00:00Z" } }, "status");
        await cluster.PatchAsync<V1Job>("nap", new { spec = new { suspend = false } });
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1);
        var awake = await cluster.EventuallyAsync<V1Job>("nap", found => Condition(found, "Suspended") is { Status: "False", Reason: "JobResumed" });
        Assert.True(awake?.Status.StartTime > asleep?.Metadata.CreationTimestamp?.AddSeconds(-1), $"{awake?.Status.StartTime}");
    }

    [Fact]
    public async Task ManagedByAnother_IsLeftAlone()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var job = Objects.Job("foreign");
        job.Spec.ManagedBy = "example.com/other";
        await cluster.CreateAsync(job);
        // One that is made after it and gets its pod shows that the first has been looked at.
        await cluster.CreateAsync(Objects.Job("own"));

        var pods = await cluster.EventuallyAsync<V1Pod>(pods => pods.Count > 0);

        Assert.All(pods, pod => Assert.Equal("own", pod.ControllerReference()?.Name));
        Assert.Null((await cluster.EventuallyAsync<V1Job>("foreign", found => found is not null))?.Status?.StartTime);
    }

    [Theory]
    [InlineData("Background", 0)]
    [InlineData("Orphan", 1)]
    public async Task Delete_LetsThePodsLoseTheFinalizer(string policy, int left)
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.Job("gone"));
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1);

        await cluster.DeleteAsync<V1Job>("gone", policy);

        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == left && pods.All(pod => pod.Metadata.Finalizers is null or []));
    }

    [Fact]
    public async Task OrphanedPod_IsAdoptedAgain_WithItsFinalizer_AndAReleasedOneLosesIt()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.Job("family"));
        var name = (await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1))[0].Metadata.Name;

        await cluster.PatchAsync<V1Pod>(name, new { metadata = new { ownerReferences = Array.Empty<object>() } });
        await cluster.EventuallyAsync<V1Pod>(name, pod => pod?.ControllerReference()?.Name == "family" && pod.Metadata.Finalizers?.Contains(Finalizer) == true);

        await cluster.PatchAsync<V1Pod>(name, new { metadata = new { labels = new Dictionary<string, string?> { ["batch.kubernetes.io/controller-uid"] = null } } });
        await cluster.EventuallyAsync<V1Pod>(name, pod => pod is not null && pod.ControllerReference() is null && pod.Metadata.Finalizers is null or { Count: 0 });
    }

    [Fact]
    public async Task TtlAfterFinished_DeletesTheJobAndItsPods()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var job = Objects.Job("brief");
        job.Spec.TtlSecondsAfterFinished = 1;
        await cluster.CreateAsync(job);

        await EndAsync(cluster, "Succeeded", await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1));

        await cluster.EventuallyAsync<V1Job>("brief", found => found is null);
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 0);
    }

    private static string Index(V1Pod pod) => pod.Metadata.Annotations["batch.kubernetes.io/job-completion-index"];

    private static V1JobCondition? Condition(V1Job? job, string type) => job?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    // Does what a kubelet would.
    private static async Task EndAsync(TestCluster cluster, string phase, IEnumerable<V1Pod> pods, int exitCode = 1)
    {
        foreach (var pod in pods)
        {
            var terminated = new { exitCode = phase == "Failed" ? exitCode : 0, reason = phase, startedAt = "2026-01-01T00:00:00Z", finishedAt = "2026-01-01T00:00:01Z" };
            var containerStatuses = new[]
            {
                new { name = "web", image = "web:1", imageID = "", ready = false, restartCount = 0, state = new { terminated } },
            };
            await cluster.PatchAsync<V1Pod>(pod.Metadata.Name, new { status = new { phase, containerStatuses } }, "status");
        }
    }
}
