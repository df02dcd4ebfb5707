using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Admission;

/// <summary>A pod of a RuntimeClass costs the overhead of that class and goes only where the class runs. Nobody may say an overhead of his own.</summary>
internal sealed class RuntimeClassAdmission(Cacher classes, CacheReads reads) : IMutatingAdmission
{
    public const string Name = "RuntimeClass";

    private static readonly GroupVersionKind Pod = new("", "v1", "Pod");

    public async ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        if (attributes is not { Operation: AdmissionOperation.Create, Object: { } pod, Request.Subresource: "" } || attributes.Request.Resource.Kind != Pod)
        {
            return;
        }

        var spec = pod.GetOrAddObject("spec");
        if (spec.StringAt("runtimeClassName") is not { Length: > 0 } name)
        {
            if (spec["overhead"] is not null)
            {
                throw Rejected(attributes.Request, "Pod Overhead set without corresponding RuntimeClass defined Overhead");
            }

            return;
        }

        var chosen = await FindAsync(name, cancellationToken) ?? throw Rejected(attributes.Request, $"RuntimeClass \"{name}\" not found");
        SetOverhead(spec, chosen, attributes.Request);
        SetScheduling(spec, chosen["scheduling"], attributes.Request);
    }

    private static void SetOverhead(JsonObject spec, JsonObject chosen, WriteRequest request)
    {
        var overhead = chosen.At("overhead", "podFixed");
        if (spec["overhead"] is { } own && !JsonNode.DeepEquals(own, overhead))
        {
            throw Rejected(request, overhead is null
                ? "Pod Overhead set without corresponding RuntimeClass defined Overhead"
                : "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }

        if (overhead is not null)
        {
            spec["overhead"] = overhead.DeepClone();
        }
    }

    private static void SetScheduling(JsonObject spec, JsonNode? scheduling, WriteRequest request)
    {
        foreach (var (label, value) in scheduling.ObjectAt("nodeSelector") ?? [])
        {
            var selector = spec.GetOrAddObject("nodeSelector");
            if (selector.StringAt(label) is { } own && own != FieldPath.Text(value))
            {
                throw StatusException.Forbidden(
                    request.Resource.Name,
                    request.Name,
                    $"conflict: runtimeClass.scheduling.nodeSelector[{label}] = {FieldPath.Text(value)}; pod.spec.nodeSelector[{label}] = {own}");
            }

            selector[label] = value?.DeepClone();
        }

        foreach (var toleration in scheduling.ObjectsAt("tolerations"))
        {
            if (spec["tolerations"] is not JsonArray own)
            {
                spec["tolerations"] = own = [];
            }

            if (!own.Any(existing => JsonNode.DeepEquals(existing, toleration)))
            {
                own.Add(toleration.DeepClone());
            }
        }
    }

    private static StatusException Rejected(WriteRequest request, string why) =>
        StatusException.Forbidden(request.Resource.Name, request.Name, $"pod rejected: {why}");

    private async ValueTask<JsonObject?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (classes.Snapshot.Objects.Find(name) is not { } found)
        {
            // It may have been made a moment ago: look once more at the newest state.
            await reads.WaitForNewestAsync(cancellationToken);
            found = classes.Snapshot.Objects.Find(name);
        }

        return found is null ? null : ObjectCodec.Parse(found.Json.Span);
    }
}
