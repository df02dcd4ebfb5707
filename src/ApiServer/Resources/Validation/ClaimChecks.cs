using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Claims of volumes: what they ask for, and what of it may change.</summary>
internal static class ClaimChecks
{
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";
    private const string OnlyThese = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    private static readonly string[] ResizeStates =
        ["ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"];

    public static void Spec(Field spec)
    {
        ClaimSpecChecks.Validate(spec);
        var (source, reference) = (spec["dataSource"], spec["dataSourceRef"]);
        DataSource(source);
        DataSource(reference);
        if (reference["namespace"].Text.Length > 0 && source.IsSet)
        {
            spec.InvalidValue($"{spec.Path}.dataSource", "may not be specified when dataSourceRef.namespace is specified");
        }
        else if (source.IsSet && reference.IsSet && !JsonNode.DeepEquals(source.Value, reference.Value))
        {
            spec.InvalidValue($"{spec.Path}.dataSource", "must match dataSourceRef");
        }

        if (spec["volumeAttributesClassName"].Text.Length > 0)
        {
            spec["volumeAttributesClassName"].Name(Names.DnsSubdomain);
        }
    }

    /// <summary>The two fields that say of what the volume is filled say the same (upstream normalizes them at create and at update).</summary>
    public static void MirrorDataSource(JsonObject spec)
    {
        if (spec["dataSource"] is { } source && spec["dataSourceRef"] is null)
        {
            spec["dataSourceRef"] = source.DeepClone();
        }
        else if (spec["dataSource"] is null && spec["dataSourceRef"] is JsonObject reference && string.IsNullOrEmpty(reference.StringAt("namespace")))
        {
            spec["dataSource"] = reference.DeepClone();
        }
    }

    /// <summary>A claim is bound once; a bound one may ask for more, or for another class of attributes.</summary>
    public static void Changed(Field claim, JsonObject old)
    {
        var (after, before) = (Copy(claim["spec"].Value), Copy(old["spec"]));
        if (string.IsNullOrEmpty(before.StringAt("volumeName")))
        {
            Take("volumeName", after, before);
        }

        if (NamesItsOldClass(claim.Value as JsonObject ?? [], old))
        {
            after.Remove("storageClassName");
        }
        else if (PersistentVolumeChecks.ClassOf(claim.Value as JsonObject ?? []) != PersistentVolumeChecks.ClassOf(old))
        {
            claim["metadata"]["annotations"][ClassAnnotation].InvalidValue(
                PersistentVolumeChecks.ClassOf(claim.Value as JsonObject ?? []) ?? "", Checks.Immutable);
        }

        // Given later, by the controller that knows the default class.
        if (before["storageClassName"] is null && PersistentVolumeChecks.ClassOf(old) is null && after["storageClassName"] is not null)
        {
            Take("storageClassName", after, before);
        }

        var isBound = old.StringAt("status", "phase") == "Bound";
        if (isBound)
        {
            if (after.ObjectAt("resources", "requests") is { } requests && before.At("resources", "requests", "storage") is { } size)
            {
                requests["storage"] = size.DeepClone();
            }

            Take("volumeAttributesClassName", before, after);
        }

        if (!JsonNode.DeepEquals(after, before))
        {
            claim["spec"].Forbidden($"{OnlyThese}\n{SpecDiff.Of("core.PersistentVolumeClaimSpec", before, after)}");
        }

        Shrinks(claim, old);
        claim["volumeMode"].With(claim["spec"]["volumeMode"].Value).Unchanged(old.At("spec", "volumeMode"));
        AttributesClass(claim["spec"]["volumeAttributesClassName"], old);
    }

    public static void Status(Field claim)
    {
        foreach (var (_, amount) in claim["status"]["capacity"].Entries)
        {
            StorageChecks.Size(amount);
        }

        // Upstream's path of these is not quite their name, and ends before the key, which is shown in place of the state.
        var states = claim["status"]["allocatedResourceStatus"];
        foreach (var (name, state) in claim["status"]["allocatedResourceStatuses"].Entries)
        {
            ResourceName(states, name);
            if (!ResizeStates.Contains(state.Text))
            {
                states.With(name).NotSupported(ResizeStates.Order(StringComparer.Ordinal));
            }
        }

        foreach (var (name, amount) in claim["status"]["allocatedResources"].Entries)
        {
            if (ResourceName(claim["status"]["allocatedResources"], name))
            {
                StorageChecks.Size(amount);
            }
        }
    }

    private static bool ResourceName(Field map, string name)
    {
        var (faults, key) = (map.Faults, map.With(name));
        key.Name(Names.QualifiedName);
        if (map.Faults == faults && name != "storage" && ResourceNames.IsNative(name))
        {
            key.NotSupported("storage");
        }

        return map.Faults == faults;
    }

    private static void DataSource(Field source)
    {
        if (!source.IsSet)
        {
            return;
        }

        source["name"].NotEmpty();
        source["kind"].NotEmpty();
        if (source["apiGroup"].Text.Length == 0 && source["kind"].Text != "PersistentVolumeClaim")
        {
            source.InvalidValue(source["kind"].Text, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }

        source["apiGroup"].OptionalName(Names.DnsSubdomain);
    }

    // A size that could not be reached may be taken back, but not below what the volume has.
    private static void Shrinks(Field claim, JsonObject old)
    {
        var size = claim["spec"]["resources"]["requests"]["storage"];
        if (Amount(size.Value) < Amount(old.At("spec", "resources", "requests", "storage"))
            && Amount(size.Value) <= Amount(old.At("status", "capacity", "storage")))
        {
            size.Forbidden("field can not be less than status.capacity");
        }
    }

    // A class that was applied stays; one that never was may be taken back.
    private static void AttributesClass(Field name, JsonObject old)
    {
        if (old.StringAt("spec", "volumeAttributesClassName") == name.Value.StringAt() || old.At("status", "currentVolumeAttributesClassName") is null)
        {
            return;
        }

        if (name.Text.Length == 0)
        {
            name.Forbidden($"update to {(name.IsSet ? "empty string" : "nil")} is forbidden when status.currentVolumeAttributesClassName is not nil");
        }
    }

    // From the annotation that once named the class to the field that does now.
    private static bool NamesItsOldClass(JsonObject claim, JsonObject old) =>
        PersistentVolumeChecks.ClassOf(old) is { } name
        && old.At("spec", "storageClassName") is null
        && claim.StringAt("spec", "storageClassName") == name
        && PersistentVolumeChecks.ClassOf(claim) is var now
        && (now is null || now == name);

    private static void Take(string field, JsonObject from, JsonObject to)
    {
        to.Remove(field);
        if (from[field] is { } value)
        {
            to[field] = value.DeepClone();
        }
    }

    private static JsonObject Copy(JsonNode? spec) => spec?.DeepClone() as JsonObject ?? [];

    private static Quantity Amount(JsonNode? node) => Quantity.TryParse(FieldPath.Text(node), out var amount) ? amount : Quantity.Zero;
}
