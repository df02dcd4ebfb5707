using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>A pod in a few words, as upstream's printer finds them in its containers' statuses.</summary>
/// <param name="Ready">Ready containers of all, such as <c>1/2</c>.</param>
/// <param name="Status">Such as <c>Running</c>, <c>Init:0/1</c>, <c>CrashLoopBackOff</c>, <c>Terminating</c>.</param>
/// <param name="Restarts">Of the containers that count now.</param>
/// <param name="LastRestart">When the last of these containers ended before it was started again; null when none did.</param>
internal sealed record PodSummary(string Ready, string Status, long Restarts, string? LastRestart)
{
    public static PodSummary Of(JsonObject pod)
    {
        var sidecars = pod.ObjectsAt("spec", "initContainers")
            .Where(container => container.StringAt("restartPolicy") == "Always")
            .Select(container => container.StringAt("name"))
            .ToHashSet();
        var status = pod.ObjectAt("status") ?? [];
        var initial = InitialStatus(status);
        var initStatuses = status.ObjectsAt("initContainerStatuses").ToList();
        var (initStatus, readySidecars, seen) = WalkInit(pod, initStatuses, sidecars);
        var isInitializing = initStatus is not null && !HasCondition(status, "Initialized");
        var statuses = status.ObjectsAt("containerStatuses").ToList();
        List<JsonObject> counted = isInitializing
            ? seen
            : [.. seen.Where(container => sidecars.Contains(container.StringAt("name"))), .. statuses];
        var ready = readySidecars + (isInitializing ? 0 : statuses.Count(IsReadyAndRunning));
        var total = pod.ObjectsAt("spec", "containers").Count() + sidecars.Count;
        var reason = isInitializing ? initStatus ?? initial : MainStatus(status, statuses, initStatus ?? initial);
        return new PodSummary(
            $"{ready}/{total}",
            DeletionStatus(pod, status) ?? reason,
            counted.Sum(container => container.IntegerAt("restartCount") ?? 0),
            counted.Select(container => container.StringAt("lastState", "terminated", "finishedAt")).Max(StringComparer.Ordinal));
    }

    private static string InitialStatus(JsonObject status)
    {
        if (status.ObjectsAt("conditions").Any(c => c.StringAt("type") == "PodScheduled" && c.StringAt("reason") == "SchedulingGated"))
        {
            return "SchedulingGated";
        }

        return status.StringAt("reason") is { Length: > 0 } reason ? reason : status.StringAt("phase") ?? "";
    }

    /// <summary>The first init container that is not done gives the status; null when all are.</summary>
    private static (string? Status, int ReadySidecars, List<JsonObject> Seen) WalkInit(
        JsonObject pod, List<JsonObject> statuses, HashSet<string?> sidecars)
    {
        var ready = 0;
        foreach (var (index, container) in statuses.Index())
        {
            var state = container.ObjectAt("state");
            if (state.ObjectAt("terminated") is { } terminated && (terminated.IntegerAt("exitCode") ?? 0) == 0)
            {
                continue;
            }

            if (sidecars.Contains(container.StringAt("name")) && container.BooleanAt("started") == true)
            {
                ready += container.BooleanAt("ready") == true ? 1 : 0;
                continue;
            }

            return (InitStatus(pod, state, index), ready, statuses[..(index + 1)]);
        }

        return (null, ready, statuses);
    }

    private static string InitStatus(JsonObject pod, JsonObject? state, int index)
    {
        if (state.ObjectAt("terminated") is { } terminated)
        {
            return $"Init:{EndOf(terminated)}";
        }

        return state.StringAt("waiting", "reason") is { Length: > 0 } reason and not "PodInitializing"
            ? $"Init:{reason}"
            : $"Init:{index}/{pod.ObjectsAt("spec", "initContainers").Count()}";
    }

    // The first container that has something to say wins.
    private static string MainStatus(JsonObject status, List<JsonObject> statuses, string initial)
    {
        var reason = initial;
        foreach (var container in statuses.AsEnumerable().Reverse())
        {
            var state = container.ObjectAt("state");
            if (state.StringAt("waiting", "reason") is { Length: > 0 } waiting)
            {
                reason = waiting;
            }
            else if (state.ObjectAt("terminated") is { } terminated)
            {
                reason = EndOf(terminated);
            }
        }

        if (reason == "Completed" && statuses.Exists(IsReadyAndRunning))
        {
            return HasCondition(status, "Ready") ? "Running" : "NotReady";
        }

        return reason;
    }

    private static string? DeletionStatus(JsonObject pod, JsonObject status)
    {
        if (pod.At("metadata", "deletionTimestamp") is null)
        {
            return null;
        }

        if (status.StringAt("reason") == "NodeLost")
        {
            return "Unknown";
        }

        return status.StringAt("phase") is "Succeeded" or "Failed" ? null : "Terminating";
    }

    private static string EndOf(JsonObject terminated)
    {
        if (terminated.StringAt("reason") is { Length: > 0 } reason)
        {
            return reason;
        }

        return terminated.IntegerAt("signal") is { } signal and not 0 ? $"Signal:{signal}" : $"ExitCode:{terminated.IntegerAt("exitCode") ?? 0}";
    }

    private static bool IsReadyAndRunning(JsonObject container) =>
        container.BooleanAt("ready") == true && container.ObjectAt("state", "running") is not null;

    private static bool HasCondition(JsonObject status, string type) =>
        status.ObjectsAt("conditions").Any(c => c.StringAt("type") == type && c.StringAt("status") == "True");
}
