using k8s.Models;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>What a job's podFailurePolicy makes of a failed pod: the first rule that fits.</summary>
/// <param name="Action">Ignore, Count, FailIndex or FailJob; null when no rule fits, which counts.</param>
/// <param name="Message">For FailJob: why the job fails.</param>
internal readonly record struct PodFailureMatch(string? Action, string? Message)
{
    /// <summary>Whether the failure is one of those that backoffLimit limits.</summary>
    public bool IsCounted => Action != "Ignore";

    public static PodFailureMatch Of(V1Job job, V1Pod pod)
    {
        var rules = job.Spec?.PodFailurePolicy?.Rules ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            if (Why(rules[i], pod) is { } why)
            {
                var message = rules[i].Action == "FailJob" ? $"{why} matching FailJob rule at index {i}" : null;
                return new PodFailureMatch(rules[i].Action, message);
            }
        }

        return default;
    }

    private static string? Why(V1PodFailurePolicyRule rule, V1Pod pod)
    {
        var name = $"{pod.Metadata?.NamespaceProperty}/{pod.Metadata?.Name}";
        if (rule.OnExitCodes is { } codes)
        {
            return (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).FirstOrDefault(status => Fits(codes, status)) is { } container
                ? $"Container {container.Name} for pod {name} failed with exit code {container.State.Terminated.ExitCode}"
                : null;
        }

        return (rule.OnPodConditions ?? []).FirstOrDefault(pattern => Fits(pattern, pod)) is { } matching
            ? $"Pod {name} has condition {matching.Type}"
            : null;
    }

    private static bool Fits(V1PodFailurePolicyOnExitCodesRequirement codes, V1ContainerStatus status) =>
        (codes.ContainerName is null || codes.ContainerName == status.Name)
        && status.State?.Terminated is { ExitCode: not 0 } terminated
        && codes.Values?.Contains(terminated.ExitCode) == (codes.OperatorProperty == "In");

    private static bool Fits(V1PodFailurePolicyOnPodConditionsPattern pattern, V1Pod pod) =>
        (pod.Status?.Conditions ?? []).Any(condition => condition.Type == pattern.Type && condition.Status == (pattern.Status ?? "True"));
}
