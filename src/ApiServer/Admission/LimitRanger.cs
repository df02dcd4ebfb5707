using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Admission;

/// <summary>Holds pods and claims to the limit ranges of their namespace, and gives containers the amounts that these say by default.</summary>
internal sealed class LimitRanger(Cacher ranges) : IMutatingAdmission, IValidatingAdmission
{
    public const string Name = "LimitRanger";

    private static readonly GroupVersionKind Pod = new("", "v1", "Pod");
    private static readonly GroupVersionKind Claim = new("", "v1", "PersistentVolumeClaim");

    public ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        if (IsNewPod(attributes) && attributes.Object is { } pod)
        {
            foreach (var range in RangesOf(attributes.Request.Namespace))
            {
                LimitDefaults.Apply(pod, range);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        if (attributes.Object is not { } obj || !(IsNewPod(attributes) || IsResize(attributes) || IsClaim(attributes)))
        {
            return ValueTask.CompletedTask;
        }

        foreach (var range in RangesOf(attributes.Request.Namespace))
        {
            var faults = attributes.Request.Resource.Kind == Pod ? LimitRules.OfPod(obj, range) : LimitRules.OfClaim(obj, range);
            if (faults.ToList() is { Count: > 0 } found)
            {
                throw StatusException.Forbidden(
                    attributes.Request.Resource.Name, attributes.Request.Name, found.Count == 1 ? found[0] : $"[{string.Join(", ", found)}]");
            }
        }

        return ValueTask.CompletedTask;
    }

    // What a pod asks for changes only when it is resized.
    private static bool IsNewPod(AdmissionAttributes attributes) =>
        attributes is { Operation: AdmissionOperation.Create, Request.Subresource: "" } && attributes.Request.Resource.Kind == Pod;

    private static bool IsResize(AdmissionAttributes attributes) => attributes.Request.Subresource == "resize" && attributes.Request.Resource.Kind == Pod;

    private static bool IsClaim(AdmissionAttributes attributes) => attributes.Request.Subresource.Length == 0 && attributes.Request.Resource.Kind == Claim
        && attributes.Object.At("metadata", "deletionTimestamp") is null;

    private List<JsonObject> RangesOf(string @namespace)
    {
        var found = new List<JsonObject>();
        ranges.Snapshot.Objects.VisitPrefix(@namespace + "/", "", range =>
        {
            found.Add(ObjectCodec.Parse(range.Json.Span));
            return true;
        });
        return found;
    }
}
