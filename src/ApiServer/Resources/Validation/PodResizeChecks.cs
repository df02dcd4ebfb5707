using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Which sizes of a pod that runs may change (upstream's ValidatePodResize).</summary>
internal static class PodResizeChecks
{
    private static readonly string[] Kinds = ["requests", "limits"];
    private static readonly string[] Sizes = ["cpu", "memory"];

    public static void Validate(Field pod, JsonObject old)
    {
        if (Refusal(pod, old) is { } why)
        {
            pod.Forbidden(why);
            return;
        }

        PodChecks.Validate(pod);
        var spec = pod["spec"];
        var before = old.ObjectAt("spec") ?? [];
        if (spec.Value is JsonObject after && (old.StringAt("status", "qosClass") ?? PodQos.Compute(before)) != PodQos.Compute(after))
        {
            spec.InvalidValue(pod["status"]["qosClass"].Text, "Pod QOS Class may not change as a result of resizing");
        }

        // A kubelet that can resize reports what the containers have.
        if (old.ObjectsAt("status", "containerStatuses").FirstOrDefault(status => status.At("state", "running") is not null) is { } running && running["resources"] is null)
        {
            spec.Forbidden("Pod running on node without support for resize");
        }

        foreach (var (container, was) in spec["initContainers"].Items.Zip(before.ObjectsAt("initContainers")).Where(pair => IsSidecar(pair.Second)))
        {
            NothingRemoved(container["resources"], was.ObjectAt("resources"));
        }

        foreach (var (container, was) in spec["containers"].Items.Zip(before.ObjectsAt("containers")))
        {
            NothingRemoved(container["resources"], was.ObjectAt("resources"));
        }

        Fixed(spec, before);
    }

    private static string? Refusal(Field pod, JsonObject old) =>
        HasOwnSize(old["spec"]) || HasOwnSize(pod["spec"].Value) ? "pods with pod-level resources cannot be resized"
        : old.At("metadata", "annotations", PodAnnotationChecks.Mirror) is not null ? "static pods cannot be resized"
        : old.StringAt("spec", "os", "name") == "windows" ? "windows pods cannot be resized"
        : null;

    private static bool HasOwnSize(JsonNode? spec) => Array.Exists(Kinds, kind => spec.ObjectAt("resources", kind) is { Count: > 0 });

    private static bool IsSidecar(JsonObject container) => container.StringAt("restartPolicy") == "Always";

    private static void NothingRemoved(Field resources, JsonObject? before)
    {
        foreach (var kind in Kinds)
        {
            if ((before.ObjectAt(kind) ?? []).Any(amount => !resources[kind][amount.Key].IsSet))
            {
                resources[kind].Forbidden($"resource {kind} cannot be removed");
            }
        }
    }

    private static void Fixed(Field spec, JsonObject before)
    {
        foreach (var (container, was) in spec["containers"].Items.Zip(before.ObjectsAt("containers")))
        {
            if (!IsSameBesidesSizes(container, was))
            {
                spec.Forbidden("only cpu and memory resources are mutable");
            }
        }

        foreach (var (container, was) in spec["initContainers"].Items.Zip(before.ObjectsAt("initContainers")))
        {
            if (container["restartPolicy"].Text == "Always" && !IsSameBesidesSizes(container, was))
            {
                spec.Forbidden("only cpu and memory resources for sidecar containers are mutable");
            }
            else if (container["restartPolicy"].Text != "Always" && !JsonNode.DeepEquals(WithSizes(container.Value, null), WithSizes(was, null)))
            {
                spec.Forbidden("resources for non-sidecar init containers are immutable");
            }
        }
    }

    private static bool IsSameBesidesSizes(Field container, JsonObject before) =>
        JsonNode.DeepEquals(WithSizes(container.Value, before), WithSizes(before, before));

    /// <summary>A container with the cpu and memory of another one, if any is given, and without amounts that say nothing.</summary>
    private static JsonObject WithSizes(JsonNode? container, JsonObject? other)
    {
        var copy = container?.DeepClone() as JsonObject ?? [];
        var resources = copy.GetOrAddObject("resources");
        foreach (var kind in Kinds)
        {
            var amounts = resources.GetOrAddObject(kind);
            foreach (var name in other is null ? [] : Sizes)
            {
                amounts.Remove(name);
                if (other.At("resources", kind, name) is { } size)
                {
                    amounts[name] = size.DeepClone();
                }
            }

            if (amounts.Count == 0)
            {
                resources.Remove(kind);
            }
        }

        return copy;
    }
}
