using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The few fields of a pod's spec that may change (upstream's ValidatePodUpdate).</summary>
internal static class PodUpdateChecks
{
    private const string OnlyThese =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
        + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void Validate(Field pod, JsonObject old)
    {
        PodChecks.Validate(pod);
        PodAnnotationChecks.ValidateUpdate(pod["metadata"]["annotations"], old.ObjectAt("metadata", "annotations"));
        var (spec, before) = (pod["spec"], old.ObjectAt("spec") ?? []);
        if (!Containers(spec["containers"], before) || !Containers(spec["initContainers"], before, "initContainers") || !Deadline(spec["activeDeadlineSeconds"], before))
        {
            return;
        }

        Tolerations(spec["tolerations"], before);
        Gates(spec["schedulingGates"], before);
        if (JsonNode.DeepEquals(spec.Value, before) || spec.Value is not JsonObject after)
        {
            return;
        }

        var same = PodSpecChanges.WithoutAllowed(spec, after, before);
        if (!JsonNode.DeepEquals(same, before))
        {
            spec.Forbidden($"{OnlyThese}\n{SpecDiff.Of("core.PodSpec", before, same)}");
        }
    }

    private static bool Containers(Field containers, JsonObject before, string list = "containers")
    {
        if (containers.Count != Cell.CountOf(before[list]))
        {
            containers.Forbidden("pod updates may not add or remove containers");
            return false;
        }

        return true;
    }

    private static bool Deadline(Field deadline, JsonObject before)
    {
        var old = before.IntegerAt("activeDeadlineSeconds");
        switch (deadline.Number)
        {
            case < 0 or > int.MaxValue:
                deadline.Invalid("must be between 0 and 2147483647, inclusive");
                return false;
            case { } number when number > old:
                deadline.Invalid("must be less than or equal to previous value");
                return false;
            case null when old is not null:
                deadline.InvalidValue(null, "must not update from a positive integer to nil value");
                return true;
            default:
                return true;
        }
    }

    private static void Tolerations(Field tolerations, JsonObject before)
    {
        var kept = tolerations.Items.Select(toleration => WithoutSeconds(toleration.Value)).ToList();
        if (!before.ObjectsAt("tolerations").All(old => kept.Exists(now => JsonNode.DeepEquals(now, WithoutSeconds(old)))))
        {
            tolerations.Forbidden("existing toleration can not be modified except its tolerationSeconds");
        }
    }

    private static void Gates(Field gates, JsonObject before)
    {
        var old = before.ObjectsAt("schedulingGates").Select(gate => gate.StringAt("name")).ToHashSet();
        foreach (var gate in gates.Items.Where(gate => !old.Contains(gate["name"].Text)))
        {
            gate["name"].Forbidden($"only deletion is allowed, but found new scheduling gate '{gate["name"].Text}'");
        }
    }

    private static JsonNode? WithoutSeconds(JsonNode? toleration)
    {
        var copy = toleration?.DeepClone();
        (copy as JsonObject)?.Remove("tolerationSeconds");
        return copy;
    }
}
