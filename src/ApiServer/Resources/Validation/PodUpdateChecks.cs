using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The few fields of a pod's spec that may change (upstream's ValidatePodUpdate).</summary>
internal static class PodUpdateChecks
{
    private const string OnlyThese =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
        + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private static readonly string[] Containers = ["containers", "initContainers"];

    public static IEnumerable<FieldError> Validate(JsonObject spec, JsonObject old)
    {
        foreach (var field in Containers)
        {
            if (spec.ObjectsAt(field).Count() != old.ObjectsAt(field).Count())
            {
                var what = field == "containers" ? "containers" : "init containers";
                return [FieldError.Forbidden($"spec.{field}", $"pod updates may not add or remove {what}")];
            }
        }

        var errors = Deadline(spec, old).Concat(Tolerations(spec, old)).Concat(Images(spec)).ToList();
        if (errors.Count == 0 && !JsonNode.DeepEquals(WithoutMutable(spec, old), WithoutMutable(old, old)))
        {
            errors.Add(FieldError.Forbidden("spec", OnlyThese));
        }

        return errors;
    }

    private static IEnumerable<FieldError> Images(JsonObject spec) =>
        from field in Containers
        from container in spec.ObjectsAt(field).Index()
        where string.IsNullOrEmpty(container.Item.StringAt("image"))
        select FieldError.Required($"spec.{field}[{container.Index}].image");

    private static IEnumerable<FieldError> Deadline(JsonObject spec, JsonObject old)
    {
        const string Path = "spec.activeDeadlineSeconds";
        var (now, before) = (spec.IntegerAt("activeDeadlineSeconds"), old.IntegerAt("activeDeadlineSeconds"));
        if (now is < 1 or > int.MaxValue)
        {
            yield return FieldError.Invalid(Path, now, "must be between 1 and 2147483647, inclusive");
        }
        else if (now > before)
        {
            yield return FieldError.Invalid(Path, now, "must be less than or equal to previous value");
        }
        else if (now is null && before is not null)
        {
            yield return FieldError.Invalid(Path, null, "must not update from a positive integer to nil value");
        }
    }

    private static IEnumerable<FieldError> Tolerations(JsonObject spec, JsonObject old)
    {
        var kept = spec.ObjectsAt("tolerations").Select(WithoutSeconds).ToList();
        return old.ObjectsAt("tolerations").Select(WithoutSeconds).All(before => kept.Exists(now => JsonNode.DeepEquals(now, before)))
            ? []
            : [FieldError.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")];
    }

    private static JsonObject WithoutSeconds(JsonObject toleration)
    {
        var copy = (JsonObject)toleration.DeepClone();
        copy.Remove("tolerationSeconds");
        return copy;
    }

    private static JsonObject WithoutMutable(JsonObject spec, JsonObject old)
    {
        var copy = (JsonObject)spec.DeepClone();
        copy.Remove("activeDeadlineSeconds");
        copy.Remove("tolerations");
        if (old.IntegerAt("terminationGracePeriodSeconds") < 0 && spec.IntegerAt("terminationGracePeriodSeconds") == 1)
        {
            copy["terminationGracePeriodSeconds"] = old["terminationGracePeriodSeconds"]?.DeepClone();
        }

        // A pod that is still gated may be given gates to pass and nodes to choose among.
        if (old["schedulingGates"] is JsonArray { Count: > 0 })
        {
            copy.Remove("schedulingGates");
            copy.Remove("nodeSelector");
            copy.Remove("affinity");
        }

        foreach (var container in copy.ObjectsAt("containers").Concat(copy.ObjectsAt("initContainers")))
        {
            container.Remove("image");
        }

        return copy;
    }
}
