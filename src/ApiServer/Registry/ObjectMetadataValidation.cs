using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Registry;

/// <summary>Checks metadata with upstream's rules and words (apimachinery's validation.ValidateObjectMeta).</summary>
internal static class ObjectMetadataValidation
{
    private const int AnnotationsLimit = 256 * 1024;
    private static readonly string[] StandardFinalizers = ["kubernetes", DeletionRules.OrphanFinalizer, DeletionRules.ForegroundFinalizer];
    private static readonly string[] OwnerFields = ["apiVersion", "kind", "name", "uid"];

    public static IEnumerable<FieldError> ForCreate(JsonObject obj, ResourceStrategy strategy)
    {
        var metadata = ObjectMetadata.Of(obj);
        return NameAndNamespace(metadata, strategy).Concat(Content(metadata, strategy));
    }

    public static IEnumerable<FieldError> ForUpdate(JsonObject obj, JsonObject old, ResourceStrategy strategy)
    {
        var metadata = ObjectMetadata.Of(obj);
        var before = ObjectMetadata.Of(old);
        return Content(metadata, strategy).Concat(Immutable(metadata, before));
    }

    private static IEnumerable<FieldError> NameAndNamespace(JsonObject metadata, ResourceStrategy strategy)
    {
        if (metadata.StringAt("generateName") is { Length: > 0 } prefix)
        {
            // What is made of it ends in letters and digits, so a dash at its end is fine.
            foreach (var fault in strategy.ValidateName(prefix.EndsWith('-') ? prefix[..^1] + "a" : prefix))
            {
                yield return FieldError.Invalid("metadata.generateName", prefix, fault);
            }
        }

        var name = metadata.StringAt("name") ?? "";
        if (name.Length == 0)
        {
            yield return FieldError.Required("metadata.name", "name or generateName is required");
        }
        else
        {
            foreach (var fault in strategy.ValidateName(name))
            {
                yield return FieldError.Invalid("metadata.name", name, fault);
            }
        }

        var ns = metadata.StringAt("namespace") ?? "";
        if (!strategy.NamespaceScoped)
        {
            if (ns.Length > 0)
            {
                yield return FieldError.Forbidden("metadata.namespace", "not allowed on this type");
            }
        }
        else if (ns.Length == 0)
        {
            yield return FieldError.Required("metadata.namespace");
        }
        else
        {
            foreach (var fault in Names.DnsLabel(ns))
            {
                yield return FieldError.Invalid("metadata.namespace", ns, fault);
            }
        }
    }

    private static IEnumerable<FieldError> Content(JsonObject metadata, ResourceStrategy strategy) => Labels(metadata.ObjectAt("labels"))
        .Concat(Annotations(metadata.ObjectAt("annotations")))
        .Concat(OwnerReferences(metadata))
        .Concat(Finalizers(metadata, strategy))
        .Concat(metadata.ObjectsAt("managedFields").SelectMany((entry, i) => ManagedFields($"metadata.managedFields[{i}]", entry)));

    private static IEnumerable<FieldError> Labels(JsonObject? labels)
    {
        foreach (var (name, value) in labels ?? [])
        {
            foreach (var fault in Names.QualifiedName(name))
            {
                yield return FieldError.Invalid("metadata.labels", name, fault);
            }

            foreach (var fault in Names.LabelValue(value?.ToString() ?? ""))
            {
                yield return FieldError.Invalid("metadata.labels", value?.ToString(), fault);
            }
        }
    }

    private static IEnumerable<FieldError> Annotations(JsonObject? annotations)
    {
        var size = 0;
        foreach (var (name, value) in annotations ?? [])
        {
            foreach (var fault in Names.QualifiedName(name.ToLowerInvariant()))
            {
                yield return FieldError.Invalid("metadata.annotations", name, fault);
            }

            size += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value?.ToString() ?? "");
        }

        if (size > AnnotationsLimit)
        {
            yield return FieldError.TooLong("metadata.annotations", AnnotationsLimit);
        }
    }

    // Upstream's paths leave out the index.
    private static IEnumerable<FieldError> OwnerReferences(JsonObject metadata)
    {
        const string Path = "metadata.ownerReferences";
        string? controller = null;
        foreach (var owner in metadata.ObjectsAt("ownerReferences"))
        {
            foreach (var field in OwnerFields.Where(field => string.IsNullOrEmpty(owner.StringAt(field))))
            {
                yield return FieldError.Invalid($"{Path}.{field}", "", $"{(field == "apiVersion" ? "version " : "")}must not be empty");
            }

            if (owner.StringAt("apiVersion") == "v1" && owner.StringAt("kind") == "Event")
            {
                yield return FieldError.Invalid(Path, owner, "/v1, Kind=Event is disallowed from being an owner");
            }

            if (owner.BooleanAt("controller") != true)
            {
                continue;
            }

            var name = $"{owner.StringAt("kind")}/{owner.StringAt("name")}";
            if (controller is not null)
            {
                yield return FieldError.Invalid(
                    Path,
                    metadata["ownerReferences"],
                    $"Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {name}");
            }

            controller = name;
        }
    }

    private static IEnumerable<FieldError> Finalizers(JsonObject metadata, ResourceStrategy strategy)
    {
        var finalizers = FinalizersOf(metadata).ToList();
        foreach (var finalizer in finalizers)
        {
            foreach (var fault in Names.QualifiedName(finalizer))
            {
                yield return FieldError.Invalid("metadata.finalizers", finalizer, fault);
            }
        }

        if (finalizers.Contains(DeletionRules.OrphanFinalizer) && finalizers.Contains(DeletionRules.ForegroundFinalizer))
        {
            yield return FieldError.Invalid(
                "metadata.finalizers", metadata["finalizers"], "finalizer orphan and foregroundDeletion cannot be both set");
        }

        foreach (var (index, finalizer) in strategy.HasQualifiedFinalizers ? finalizers.Index() : [])
        {
            if (!finalizer.Contains('/', StringComparison.Ordinal) && !StandardFinalizers.Contains(finalizer))
            {
                yield return FieldError.Invalid(
                    $"metadata.finalizers[{index}]", finalizer, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    private static IEnumerable<FieldError> ManagedFields(string path, JsonObject entry)
    {
        if (entry.StringAt("operation") is var operation and not ("Apply" or "Update"))
        {
            yield return FieldError.Invalid($"{path}.operation", operation ?? "", "must be `Apply` or `Update`");
        }

        if (entry.StringAt("fieldsType") is { Length: > 0 } type and not "FieldsV1")
        {
            yield return FieldError.Invalid($"{path}.fieldsType", type, "must be `FieldsV1`");
        }
    }

    private static IEnumerable<FieldError> Immutable(JsonObject metadata, JsonObject old)
    {
        foreach (var field in (string[])["name", "namespace", "uid", "deletionTimestamp"])
        {
            if (metadata[field]?.ToString() is { Length: > 0 } value && value != (old[field]?.ToString() ?? ""))
            {
                yield return FieldError.Invalid($"metadata.{field}", value, "field is immutable");
            }
        }

        if (old["deletionTimestamp"] is not null && FinalizersOf(metadata).Except(FinalizersOf(old)).ToList() is { Count: > 0 } added)
        {
            yield return FieldError.Forbidden(
                "metadata.finalizers",
                $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(GoText.Quote))}}}");
        }
    }

    private static IEnumerable<string> FinalizersOf(JsonObject metadata) =>
        (metadata["finalizers"] as JsonArray)?.Select(finalizer => finalizer?.ToString() ?? "") ?? [];
}
