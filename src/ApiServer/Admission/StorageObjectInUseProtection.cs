using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Admission;

/// <summary>Gives claims and volumes a finalizer, so that none is gone while a pod, or a claim, uses it.</summary>
internal sealed class StorageObjectInUseProtection : IMutatingAdmission
{
    public const string Name = "StorageObjectInUseProtection";

    private static readonly GroupVersionKind Claim = new("", "v1", "PersistentVolumeClaim");
    private static readonly GroupVersionKind Volume = new("", "v1", "PersistentVolume");

    public ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        if (attributes is not { Operation: AdmissionOperation.Create, Object: { } created, Request.Subresource: "" })
        {
            return ValueTask.CompletedTask;
        }

        var kind = attributes.Request.Resource.Kind;
        if (kind == Claim)
        {
            Add(created, "kubernetes.io/pvc-protection");
        }
        else if (kind == Volume)
        {
            Add(created, "kubernetes.io/pv-protection");
        }

        return ValueTask.CompletedTask;
    }

    private static void Add(JsonObject obj, string finalizer)
    {
        var metadata = obj.GetOrAddObject("metadata");
        if (metadata["finalizers"] is not JsonArray finalizers)
        {
            metadata["finalizers"] = finalizers = [];
        }

        if (!finalizers.Any(other => other?.GetValue<string>() == finalizer))
        {
            finalizers.Add(finalizer);
        }
    }
}
