using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.ApiExtensions;

internal sealed class CustomResourceDefinitionStrategy : ResourceStrategy<V1CustomResourceDefinition>
{
    /// <summary>Keeps a definition until its objects are gone.</summary>
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public override IReadOnlyList<string> ShortNames => ["crd", "crds"];

    public override IReadOnlyList<string> Categories => ["api-extensions"];

    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    // Its own finalizer has no domain before a slash; upstream's server of definitions does not ask for one.
    public override bool HasQualifiedFinalizers => false;

    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.ObjectAt("spec") is not { } spec)
        {
            return;
        }

        var names = spec.GetOrAddObject("names");
        var kind = names.StringAt("kind") ?? "";
        SetIfEmpty(names, "singular", kind.ToLowerInvariant());
        SetIfEmpty(names, "listKind", kind.Length > 0 ? $"{kind}List" : "");
        if (spec["conversion"] is null)
        {
            spec["conversion"] = new JsonObject { ["strategy"] = "None" };
        }
    }

    public override void PrepareForCreate(JsonObject obj) => RememberStoredVersion(obj);

    public override void PrepareForUpdate(JsonObject obj, JsonObject old) => RememberStoredVersion(obj);

    public override IEnumerable<FieldError> Validate(JsonObject obj) => DefinitionChecks.Create(obj);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => DefinitionChecks.Update(obj, old);

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => DefinitionChecks.Status(obj);

    // Deletion always begins with that of the objects, which the finalizer stands for from then on.
    public override bool HasFinalizers(JsonObject obj) => base.HasFinalizers(obj) || !ObjectMetadata.IsDeleting(obj);

    public override void PrepareForDelete(JsonObject obj)
    {
        var metadata = ObjectMetadata.Of(obj);
        if (metadata["finalizers"] is not JsonArray finalizers)
        {
            metadata["finalizers"] = finalizers = [];
        }

        if (!finalizers.Any(finalizer => finalizer.StringAt() == CleanupFinalizer))
        {
            finalizers.Add(JsonValue.Create(CleanupFinalizer));
        }

        DefinitionConditions.Set(
            obj,
            DefinitionConditions.Terminating,
            true,
            "InstanceDeletionPending",
            "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
            metadata.StringAt("deletionTimestamp") ?? "");
    }

    private static void SetIfEmpty(JsonObject names, string name, string value)
    {
        if (string.IsNullOrEmpty(names.StringAt(name)) && value.Length > 0)
        {
            names[name] = value;
        }
    }

    // Objects may be stored in every version that ever was the storage version; the administrator says when they no longer are.
    private static void RememberStoredVersion(JsonObject obj)
    {
        var storage = obj.ObjectsAt("spec", "versions").FirstOrDefault(version => version.BooleanAt("storage") == true).StringAt("name");
        var status = obj.GetOrAddObject("status");
        if (status["storedVersions"] is not JsonArray stored)
        {
            status["storedVersions"] = stored = [];
        }

        if (storage is not null && !stored.Any(version => version.StringAt() == storage))
        {
            stored.Add(JsonValue.Create(storage));
        }
    }
}
