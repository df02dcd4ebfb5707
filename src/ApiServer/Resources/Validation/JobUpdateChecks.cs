using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What of a job's spec may change: how many pods at once, and, while it waits to be started, on which nodes they may run.</summary>
internal static class JobUpdateChecks
{
    private static readonly string[] Fixed = ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"];

    public static void Validate(Field spec, JsonObject old)
    {
        var before = old.ObjectAt("spec") ?? [];
        Completions(spec, before["completions"]);
        spec["selector"].Unchanged(before["selector"]);
        var isWaiting = before.BooleanAt("suspend") == true && old.At("status", "startTime") is null;
        spec["template"].Unchanged(isWaiting ? WithDirectives(before["template"], spec["template"].Value) : before["template"]);
        foreach (var name in Fixed)
        {
            spec[name].Unchanged(before[name]);
        }
    }

    private static void Completions(Field spec, JsonNode? before)
    {
        var completions = spec["completions"];
        if (spec["completionMode"].Text != "Indexed")
        {
            completions.Unchanged(before);
        }
        else if (!JsonNode.DeepEquals(completions.Value, before) && completions.IsSet && completions.Number != spec["parallelism"].Number)
        {
            completions.Invalid("can only be modified in tandem with spec.parallelism");
        }
    }

    /// <summary>The old template with what the new one says about nodes, and with its labels and annotations.</summary>
    private static JsonObject? WithDirectives(JsonNode? before, JsonNode? after)
    {
        if (before?.DeepClone() is not JsonObject template)
        {
            return null;
        }

        var spec = template.GetOrAddObject("spec");
        foreach (var name in (ReadOnlySpan<string>)["nodeSelector", "tolerations", "schedulingGates"])
        {
            Copy(spec, after.ObjectAt("spec"), name);
        }

        Copy(spec.GetOrAddObject("affinity"), after.ObjectAt("spec", "affinity"), "nodeAffinity");
        if (spec["affinity"] is JsonObject { Count: 0 } && after.At("spec", "affinity") is null)
        {
            spec.Remove("affinity");
        }

        var metadata = template.GetOrAddObject("metadata");
        Copy(metadata, after.ObjectAt("metadata"), "labels");
        Copy(metadata, after.ObjectAt("metadata"), "annotations");
        return template;
    }

    private static void Copy(JsonObject to, JsonObject? from, string name)
    {
        to.Remove(name);
        if (from?[name] is { } value)
        {
            to[name] = value.DeepClone();
        }
    }
}
