using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>How Deployments and DaemonSets replace their pods.</summary>
internal static class RollingUpdateChecks
{
    private const int DefaultDeadline = 600;

    public static IEnumerable<FieldError> OfDeployment(JsonObject spec)
    {
        if ((spec.IntegerAt("progressDeadlineSeconds") ?? DefaultDeadline) is var deadline
            && deadline <= (spec.IntegerAt("minReadySeconds") ?? 0))
        {
            yield return FieldError.Invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
        }

        var strategy = spec.ObjectAt("strategy");
        var errors = strategy.StringAt("type") switch
        {
            "Recreate" when strategy.ObjectAt("rollingUpdate") is not null =>
                [FieldError.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")],
            "RollingUpdate" => RollingUpdate("spec.strategy.rollingUpdate", strategy.ObjectAt("rollingUpdate") ?? []),
            var type => Checks.OneOf("spec.strategy.type", type, "Recreate", "RollingUpdate"),
        };
        foreach (var error in errors)
        {
            yield return error;
        }
    }

    public static IEnumerable<FieldError> OfDaemonSet(JsonObject? strategy) => strategy.StringAt("type") == "RollingUpdate"
        ? RollingUpdate("spec.updateStrategy.rollingUpdate", strategy.ObjectAt("rollingUpdate") ?? [])
        : Checks.OneOf("spec.updateStrategy.type", strategy.StringAt("type"), "OnDelete", "RollingUpdate");

    private static IEnumerable<FieldError> RollingUpdate(string path, JsonObject rolling)
    {
        var (unavailable, surge) = (rolling["maxUnavailable"], rolling["maxSurge"]);
        var errors = WorkloadChecks.NumberOrPercent($"{path}.maxUnavailable", unavailable)
            .Concat(WorkloadChecks.NumberOrPercent($"{path}.maxSurge", surge));
        foreach (var error in errors)
        {
            yield return error;
        }

        if (WorkloadChecks.IsZero(unavailable) && WorkloadChecks.IsZero(surge))
        {
            yield return FieldError.Invalid($"{path}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0");
        }

        if (unavailable.StringAt() is [.. var digits, '%'] text && int.TryParse(digits, out var percent) && percent > 100)
        {
            yield return FieldError.Invalid($"{path}.maxUnavailable", text, "must not be greater than 100%");
        }
    }
}
