using k8s.Models;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>The conditions of a job, with upstream's reasons. FailureTarget and SuccessCriteriaMet say how it will end; Failed and Complete come when no pod is left.</summary>
internal static class JobConditions
{
    public const string FailureTarget = "FailureTarget";
    public const string Failed = "Failed";
    public const string SuccessCriteriaMet = "SuccessCriteriaMet";
    public const string Complete = "Complete";
    public const string Suspended = "Suspended";

    public static V1JobCondition New(string type, string reason, string message, DateTime now, string status = "True") => new()
    {
        Type = type,
        Status = status,
        Reason = reason,
        Message = message,
        LastProbeTime = now,
        LastTransitionTime = now,
    };

    public static V1JobCondition? FindTrue(this V1JobStatus? status, string type) =>
        status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == "True");

    public static bool HasFinished(this V1Job job) => job.Status.FindTrue(Complete) is not null || job.Status.FindTrue(Failed) is not null;

    /// <summary>Sets a condition. One that would only say False anew is left out: nothing was ever true.</summary>
    public static V1JobStatus With(this V1JobStatus status, V1JobCondition condition)
    {
        var current = status.Conditions?.FirstOrDefault(other => other.Type == condition.Type);
        if (current is null)
        {
            return condition.Status == "False" ? status : status with { Conditions = [.. status.Conditions ?? [], condition] };
        }

        return (current.Status, current.Reason, current.Message) == (condition.Status, condition.Reason, condition.Message)
            ? status
            : status with { Conditions = [.. status.Conditions!.Select(other => other == current ? condition : other)] };
    }
}
