using System.Globalization;

using k8s.Models;

using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>What a job asks about its spec and its pods. Pure.</summary>
internal static class JobPods
{
    /// <summary>Keeps a pod until it is counted in the job's status.</summary>
    public const string TrackingFinalizer = "batch.kubernetes.io/job-tracking";

    public const string IndexKey = "batch.kubernetes.io/job-completion-index";
    public const string FailureCountKey = "batch.kubernetes.io/job-index-failure-count";
    public const string IgnoredCountKey = "batch.kubernetes.io/job-index-ignored-failure-count";

    /// <summary>Whether no other controller is asked to run it.</summary>
    public static bool IsOurs(this V1Job job) => job.Spec?.ManagedBy is null or "kubernetes.io/job-controller";

    public static bool IsIndexed(this V1Job job) => job.Spec?.CompletionMode == "Indexed";

    public static bool IsSuspended(this V1Job job) => job.Spec?.Suspend == true;

    public static int Parallelism(this V1Job job) => job.Spec?.Parallelism ?? 1;

    /// <summary>For a job of indexes: how many there are.</summary>
    public static int Completions(this V1Job job) => job.Spec?.Completions ?? 1;

    public static bool HasLimitPerIndex(this V1Job job) => job.IsIndexed() && job.Spec?.BackoffLimitPerIndex is not null;

    /// <summary>Whether a pod is replaced only once it has ended, not already when it is told to.</summary>
    public static bool ReplacesOnlyFailed(this V1Job job) => job.Spec?.PodReplacementPolicy == "Failed" || job.Spec?.PodFailurePolicy is not null;

    public static bool IsTracked(V1Pod pod) => pod.Metadata?.Finalizers?.Contains(TrackingFinalizer) == true;

    public static bool IsTerminating(V1Pod pod) => pod.Metadata?.DeletionTimestamp is not null && !pod.HasEnded();

    /// <summary>A pod that was deleted may never reach the phase: its node may be gone.</summary>
    public static bool IsFailed(this V1Job job, V1Pod pod) =>
        pod.Status?.Phase == "Failed" || (!job.ReplacesOnlyFailed() && pod.Metadata?.DeletionTimestamp is not null && pod.Status?.Phase != "Succeeded");

    /// <summary>The index of a pod; null when it has none that is of the job.</summary>
    public static int? Index(this V1Job job, V1Pod pod) => Number(pod, IndexKey) is { } index && index < job.Completions() ? index : null;

    public static int FailureCount(V1Pod pod) => Number(pod, FailureCountKey) ?? 0;

    public static int IgnoredCount(V1Pod pod) => Number(pod, IgnoredCountKey) ?? 0;

    /// <summary>When a pod ended: by its containers, or else by what is known of it.</summary>
    public static DateTime FinishTime(V1Pod pod)
    {
        var sidecars = (pod.Spec?.InitContainers ?? []).Where(container => container.RestartPolicy == "Always").Select(container => container.Name).ToHashSet();
        var ends = (pod.Status?.ContainerStatuses ?? [])
            .Concat((pod.Status?.InitContainerStatuses ?? []).Where(status => sidecars.Contains(status.Name)))
            .Select(status => status.State?.Terminated?.FinishedAt)
            .ToList();
        if (ends.Count > 0 && ends.TrueForAll(end => end is not null))
        {
            return ends.Max() ?? default;
        }

        if (pod.Condition("Ready") is { Status: "False", LastTransitionTime: { } unready })
        {
            return unready;
        }

        return pod.Metadata?.DeletionTimestamp?.AddSeconds(-(pod.Metadata.DeletionGracePeriodSeconds ?? 0)) ?? pod.Metadata?.CreationTimestamp ?? default;
    }

    private static int? Number(V1Pod pod, string key) =>
        pod.Metadata?.Annotations?.TryGetValue(key, out var text) == true && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
