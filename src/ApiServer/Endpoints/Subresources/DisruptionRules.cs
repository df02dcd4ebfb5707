using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary>What a PodDisruptionBudget says to an eviction. Pure; the texts are upstream's.</summary>
internal static class DisruptionRules
{
    private const int MostDisruptedPods = 2000;
    private const int ProcessingSeconds = 10;

    private static readonly GroupVersionResource Budgets = new("policy", "v1", "poddisruptionbudget");

    /// <summary>Whether a budget has no say: the pod does not run, or is going already.</summary>
    public static bool IsFree(JsonObject pod) =>
        pod.StringAt("status", "phase") is "Succeeded" or "Failed" or "Pending" || ObjectMetadata.IsDeleting(pod);

    /// <summary>Whether a pod that is not ready may go without counting: there are enough without it, or its budget does not care.</summary>
    public static bool AllowsUnhealthy(JsonObject budget, JsonObject pod)
    {
        if (pod.ObjectsAt("status", "conditions").Any(condition => condition.StringAt("type") == "Ready" && condition.StringAt("status") == "True"))
        {
            return false;
        }

        var desired = budget.IntegerAt("status", "desiredHealthy") ?? 0;
        return budget.StringAt("spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow"
            || (desired > 0 && (budget.IntegerAt("status", "currentHealthy") ?? 0) >= desired);
    }

    /// <summary>The budget after one more disruption. Throws TooManyRequests when it allows none.</summary>
    public static JsonObject Take(JsonObject budget, string pod, DateTimeOffset now)
    {
        var name = budget.StringAt("metadata", "name") ?? "";
        var status = budget.ObjectAt("status") ?? [];
        if ((status.IntegerAt("observedGeneration") ?? 0) < (budget.IntegerAt("metadata", "generation") ?? 0))
        {
            throw StillProcessed(name);
        }

        var allowed = status.IntegerAt("disruptionsAllowed") ?? 0;
        if (allowed < 0)
        {
            throw StatusException.Forbidden(Budgets, name, "pdb disruptions allowed is negative");
        }

        if ((status.ObjectAt("disruptedPods")?.Count ?? 0) > MostDisruptedPods)
        {
            throw StatusException.Forbidden(Budgets, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }

        if (allowed == 0)
        {
            throw Refused(name, status);
        }

        var taken = (JsonObject)budget.DeepClone();
        var after = taken.GetOrAddObject("status");
        after["disruptionsAllowed"] = allowed - 1;
        if (allowed == 1)
        {
            TellInsufficient(taken, now);
        }

        // The controller does not count the pod until it is gone.
        after.GetOrAddObject("disruptedPods")[pod] = ObjectMetadata.Timestamp(now);
        return taken;
    }

    public static StatusException StillProcessed(string budget) =>
        TooMany(ProcessingSeconds, $"The disruption budget {budget} is still being processed by the server.");

    private static StatusException Refused(string name, JsonObject status)
    {
        var failed = status.ObjectsAt("conditions").FirstOrDefault(
            condition => condition.StringAt("type") == "DisruptionAllowed" && condition.StringAt("status") == "False" && condition.StringAt("reason") == "SyncFailed");
        return TooMany(0, failed is not null
            ? $"The disruption budget {name} does not allow evicting pods currently because it failed sync: {failed.StringAt("message")}"
            : $"The disruption budget {name} needs {status.IntegerAt("desiredHealthy") ?? 0} healthy pods and has {status.IntegerAt("currentHealthy") ?? 0} currently");
    }

    private static StatusException TooMany(int retryAfterSeconds, string cause)
    {
        var refusal = StatusException.TooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", retryAfterSeconds);
        refusal.Status.Details.Causes = [new() { Reason = "DisruptionBudget", Message = cause }];
        return refusal;
    }

    private static void TellInsufficient(JsonObject budget, DateTimeOffset now)
    {
        var status = budget.GetOrAddObject("status");
        var others = status.ObjectsAt("conditions").Where(condition => condition.StringAt("type") != "DisruptionAllowed").Select(condition => condition.DeepClone());
        status["conditions"] = new JsonArray(
        [
            .. others,
            new JsonObject
            {
                ["type"] = "DisruptionAllowed",
                ["status"] = "False",
                ["observedGeneration"] = status["observedGeneration"]?.DeepClone(),
                ["lastTransitionTime"] = ObjectMetadata.Timestamp(now),
                ["reason"] = "InsufficientPods",
                ["message"] = "",
            },
        ]);
    }
}
