using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary><c>pods/name/resize</c>: other requests and limits of CPU and memory for the containers of a pod that stays.</summary>
internal sealed class ResizeSubresource(GetEndpoint get, UpdateOperation operation, ObjectAnswer answer, TimeProvider clock) : PartSubresource(get, operation, answer, clock)
{
    private static readonly string[] Lists = ["containers", "initContainers"];

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
                    if (container.StringAt("name") == other.StringAt("name"))
                    {
                        container.Remove(field);
                        if (other[field] is { } value)
                        {
                            container[field] = value.DeepClone();
                        }
                    }
                }
            }
        }
    }

    protected override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, pod => PodResizeChecks.Validate(pod, old));
}
