using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary><c>pods/name/resize</c>: other requests and limits of CPU and memory for the containers of a pod that stays.</summary>
internal sealed class ResizeSubresource(GetEndpoint get, UpdateOperation operation, ObjectAnswer answer, TimeProvider clock) : PartSubresource(get, operation, answer, clock)
{
    private static readonly string[] Lists = ["containers", "initContainers"];
    private static readonly string[] Kinds = ["requests", "limits"];

    public override string Name => "resize";

    public override GroupVersionKind Kind { get; } = new("", "v1", "Pod");

    protected override void TakeOver(JsonObject target, JsonObject wanted)
    {
        foreach (var list in Lists)
        {
            foreach (var (container, other) in target.ObjectsAt("spec", list).Zip(wanted.ObjectsAt("spec", list)))
            {
                foreach (var field in (ReadOnlySpan<string>)["resources", "resizePolicy"])
                {
                    if (container.StringAt("name") == other.StringAt("name") && other[field] is { } value)
                    {
                        container[field] = value.DeepClone();
                    }
                }
            }
        }
    }

    protected override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject old)
    {
        if (old.At("metadata", "annotations", "kubernetes.io/config.mirror") is not null)
        {
            yield return FieldError.Forbidden("", "static pods cannot be resized");
        }

        foreach (var error in Field.FaultsOf(obj, PodChecks.Validate))
        {
            yield return error;
        }

        var qos = old.StringAt("status", "qosClass") ?? PodQos.Compute(old.GetOrAddObject("spec"));
        var resized = PodQos.Compute(obj.GetOrAddObject("spec"));
        if (qos != resized)
        {
            yield return FieldError.Invalid("spec", resized, "Pod QOS Class may not change as a result of resizing");
        }

        foreach (var error in Lists.SelectMany(list => Changes(obj, old, list)))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Changes(JsonObject obj, JsonObject old, string list)
    {
        foreach (var (index, (after, before)) in obj.ObjectsAt("spec", list).Zip(old.ObjectsAt("spec", list)).Index())
        {
            foreach (var kind in Kinds)
            {
                var path = $"spec.{list}[{index}].resources.{kind}";
                var (now, then) = (after.ObjectAt("resources", kind) ?? [], before.ObjectAt("resources", kind) ?? []);
                if (then.Any(quantity => quantity.Key is "cpu" or "memory" && !now.ContainsKey(quantity.Key)))
                {
                    yield return FieldError.Forbidden(path, $"resource {kind} cannot be removed");
                }

                if (now.Concat(then).Any(quantity => quantity.Key is not ("cpu" or "memory") && !JsonNode.DeepEquals(now[quantity.Key], then[quantity.Key])))
                {
                    yield return FieldError.Forbidden("spec", "only cpu and memory resources are mutable");
                }
            }
        }
    }
}
