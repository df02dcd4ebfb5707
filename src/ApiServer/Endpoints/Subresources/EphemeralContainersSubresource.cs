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
    private const string Path = "spec.ephemeralContainers";

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

    protected override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject old)
    {
        foreach (var error in Field.FaultsOf(obj, PodChecks.Validate))
        {
            yield return error;
        }

        if (old.At("metadata", "annotations", "kubernetes.io/config.mirror") is not null)
        {
            yield return FieldError.Forbidden("", "static pods do not support ephemeral containers");
        }

        var after = obj.ObjectsAt("spec", List).ToList();
        foreach (var before in old.ObjectsAt("spec", List))
        {
            var name = before.StringAt("name") ?? "";
            if (after.Find(container => container.StringAt("name") == name) is not { } same)
            {
                yield return FieldError.Forbidden(Path, $"existing ephemeral containers {GoText.Quote(name)} may not be removed\n");
            }
            else if (!JsonNode.DeepEquals(same, before))
            {
                yield return FieldError.Forbidden(Path, $"existing ephemeral containers {GoText.Quote(name)} may not be changed\n");
            }
        }
    }
}
