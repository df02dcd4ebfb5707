using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>What upstream's core/v1 defaults fill into a pod's spec, be it of a pod or of a template.</summary>
internal static class PodSpecDefaults
{
    public static void ApplyToTemplate(JsonObject? template)
    {
        // The model has it as a pointer, and the API as a struct: an absent spec is an empty one.
        if (template is not null)
        {
            Apply(template.GetOrAddObject("spec"));
        }
    }

    public static void Apply(JsonObject spec)
    {
        spec.SetDefault("dnsPolicy", "ClusterFirst");
        spec.SetDefault("restartPolicy", "Always");
        spec.GetOrAddObject("securityContext");
        spec.SetDefault("terminationGracePeriodSeconds", 30);
        spec.SetDefault("schedulerName", "default-scheduler");
        MirrorServiceAccount(spec);
        AmountDefaults.RoundUp(spec.ObjectAt("overhead"));
        AmountDefaults.OfRequirements(spec.ObjectAt("resources"));
        foreach (var container in AllContainers(spec))
        {
            ContainerDefaults.Apply(container);
        }

        foreach (var volume in spec.ObjectsAt("volumes"))
        {
            VolumeDefaults.Apply(volume);
        }
    }

    public static IEnumerable<JsonObject> AllContainers(JsonObject spec) =>
        spec.ObjectsAt("initContainers").Concat(spec.ObjectsAt("containers")).Concat(spec.ObjectsAt("ephemeralContainers"));

    /// <summary>The deprecated field always says the same as the new one.</summary>
    public static void MirrorServiceAccount(JsonObject spec)
    {
        var name = spec.StringAt("serviceAccountName") is { Length: > 0 } given ? given : spec.StringAt("serviceAccount");
        if (!string.IsNullOrEmpty(name))
        {
            spec["serviceAccountName"] = name;
            spec["serviceAccount"] = name;
        }
    }
}
