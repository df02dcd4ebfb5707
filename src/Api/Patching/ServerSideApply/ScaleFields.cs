using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// Who owns the number of replicas, as the scale subresource sees it: its <c>spec.replicas</c> is a field of the object that differs by kind and version (upstream's ScaleHandler).
/// </summary>
public static class ScaleFields
{
    public const string ApiVersion = "autoscaling/v1";
    private static readonly FieldSet Replicas = FieldSet.Of("spec", "replicas");

    /// <summary>The owners of the replicas among those of the object, as managedFields of its Scale.</summary>
    /// <param name="managedFields">Of the object.</param>
    /// <param name="pathIn">Where the object has its replicas in a version; null for a version without them.</param>
    public static JsonArray? ToScale(JsonNode? managedFields, Func<string, string[]?> pathIn) => new ManagedFields(
        from entry in ManagedFields.Read(managedFields).Owners
        let path = pathIn(entry.Value.ApiVersion)
        where path is not null && entry.Value.Fields.Has(path)
        select KeyValuePair.Create(OfScale(entry.Key), new OwnedFields(ApiVersion, Replicas, entry.Value.Time))).ToJson();

    /// <summary>The managedFields of the object after a write of its Scale: who lost the replicas there loses them here, and who got them gets them.</summary>
    /// <param name="managedFields">Of the object, before the write.</param>
    /// <param name="scale">Of the Scale, after the write.</param>
    /// <param name="apiVersion">The version in which the object is written.</param>
    /// <param name="pathIn">As for <see cref="ToScale"/>.</param>
    public static JsonArray? ToObject(JsonNode? managedFields, JsonNode? scale, string apiVersion, Func<string, string[]?> pathIn)
    {
        var managed = ManagedFields.Read(managedFields);
        var ofScale = ManagedFields.Read(scale);
        foreach (var (owner, owned) in managed.Owners.ToList())
        {
            if (pathIn(owned.ApiVersion) is not { } path || !owned.Fields.Has(path))
            {
                continue;
            }

            if (ofScale[OfScale(owner)] is null)
            {
                managed[owner] = owned.Without(FieldSet.Of(path));
            }

            ofScale[OfScale(owner)] = null;
        }

        foreach (var (owner, _) in ofScale.Owners)
        {
            // Upstream gives these no time.
            managed[owner.IsApplier ? owner : owner with { ApiVersion = apiVersion }] =
                new OwnedFields(apiVersion, FieldSet.Of(pathIn(apiVersion) ?? []));
        }

        return managed.ToJson();
    }

    private static FieldOwner OfScale(FieldOwner owner) => owner.IsApplier ? owner : owner with { ApiVersion = ApiVersion };
}
