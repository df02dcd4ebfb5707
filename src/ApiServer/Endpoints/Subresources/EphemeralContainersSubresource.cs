using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary><c>pods/name/ephemeralcontainers</c>: containers that join a pod that runs, to look into it. Once there, they neither change nor go.</summary>
internal sealed class EphemeralContainersSubresource(GetEndpoint get, UpdateOperation operation, ObjectAnswer answer, TimeProvider clock)
    : PartSubresource(get, operation, answer, clock)
{
    private const string List = "ephemeralContainers";

    public override string Name => "ephemeralcontainers";

    public override GroupVersionKind Kind { get; } = new("", "v1", "Pod");

    protected override void TakeOver(JsonObject target, JsonObject wanted)
    {
        var spec = target.GetOrAddObject("spec");
        spec.Remove(List);
        if (wanted.At("spec", List) is JsonArray { Count: > 0 } containers)
        {
            spec[List] = containers.DeepClone();
        }
    }

    protected override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, pod => EphemeralUpdateChecks.Validate(pod, old));
}
