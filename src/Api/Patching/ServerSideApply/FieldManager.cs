using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// Keeps metadata.managedFields through one write, and applies configurations, as upstream's field manager does: names and times of owners, what is never owned, how many updaters are
/// remembered, and how kubectl's older way of applying is taken over. Pure.
/// </summary>
public sealed class FieldManager
{
    /// <summary>Owns what an object had before anybody applied to it, when nobody was recorded.</summary>
    private const string BeforeFirstApply = "before-first-apply";
    private const string NameOfUnknown = "unknown";

    // Takes part in a write as an owner of its own, so that what the same manager wrote before is told from what it writes now.
    private static readonly FieldOwner Current = FieldOwner.Updater("current-operation", "", "");

    private static readonly FieldSet NeverOwned = FieldSet.Union(
    [
        FieldSet.Of("apiVersion"), FieldSet.Of("kind"), FieldSet.Of("metadata"),
        .. new[] { "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", ManagedFields.Field, "resourceVersion" }
            .Select(field => FieldSet.Of("metadata", field)),
    ]);

    private readonly FieldWrite _write;
    private readonly FieldUpdater _updater;

    public FieldManager(FieldWrite write)
    {
        _write = write with { Manager = write.Manager.Length == 0 ? NameOfUnknown : write.Manager };
        _updater = new FieldUpdater(write.Convert, write.Ignored);
    }

    /// <summary>Records who changed what in an object that is about to be stored: sets its metadata.managedFields.</summary>
    /// <param name="live">The object as it is stored; null when it is created.</param>
    /// <param name="obj">The new one; changed. What it says in managedFields counts, where it can be read.</param>
    public void Update(JsonObject? live, JsonObject obj)
    {
        var before = live.At("metadata", ManagedFields.Field);
        var managed = ReadEither(obj.At("metadata", ManagedFields.Field), before);
        Set(obj, null);
        if (managed.Owners.Count == 0 && live is not null)
        {
            // Nobody was recorded when it was made, or somebody took the records away: that stays so until the first apply.
            return;
        }

        try
        {
            Record(Typed(live ?? EmptyObjects.Of(_write.Type)), Typed(obj), managed, _write.Manager);
            Set(obj, managed.ToJson());
        }
        catch (Exception error) when (error is FieldSchemaException or FormatException)
        {
            // Lists of items that cannot be told apart; validation names the fault. Upstream, too, lets the records stand.
            Set(obj, before?.DeepClone());
        }
    }

    /// <summary>Merges a configuration into an object and gives the result, its managedFields set.</summary>
    /// <param name="live">The object as it is stored; null when the configuration creates it.</param>
    /// <param name="config">The configuration as the client wrote it.</param>
    /// <param name="force">Whether to take fields from their owners.</param>
    /// <exception cref="StatusException">409 with the conflicts, 400 or 500 for what is no configuration of this kind; all as upstream.</exception>
    public JsonObject Apply(JsonObject? live, JsonObject config, bool force)
    {
        CheckConfig(config);
        var current = Typed(live ?? EmptyObjects.Of(_write.Type));
        try
        {
            return LastAppliedAnnotation.Update(ApplyOrTakeOver(current, Typed(config), force), config, _write.Manager);
        }
        catch (ApplyConflictException error)
        {
            throw error.ToStatus();
        }
        catch (FieldSchemaException error)
        {
            throw StatusException.Unclassified($"failed to merge config: {error.Message}");
        }
    }

    private void CheckConfig(JsonObject config)
    {
        var kind = GroupVersionKind.Parse(config.StringAt("apiVersion") ?? "", config.StringAt("kind") ?? "");
        if (kind != GroupVersionKind.Parse(_write.ApiVersion, _write.Kind))
        {
            throw StatusException.BadRequest($"invalid object type: {Describe(kind)}");
        }

        if (config.At("metadata", ManagedFields.Field) is not null)
        {
            throw StatusException.BadRequest("metadata.managedFields must be nil");
        }

        try
        {
            AppliedValidation.Check(config, FieldSchema.Of(_write.Type));
        }
        catch (FieldSchemaException error)
        {
            var metadata = config.ObjectAt("metadata");
            throw StatusException.Unclassified(
                $"failed to create typed patch object ({metadata.StringAt("namespace")}/{metadata.StringAt("name")}; {Describe(kind)}): {error.Message}");
        }
    }

    // What kubectl applied in its older way is kubectl's to change, though it is recorded as an updater's.
    private JsonObject ApplyOrTakeOver(TypedObject live, TypedObject config, bool force)
    {
        try
        {
            return ApplyOnce(live, config, force);
        }
        catch (ApplyConflictException error) when (LastAppliedAnnotation.OwnedBy(_write.Manager, live) is { } allowed)
        {
            return error.Without(allowed) is { } rest ? throw rest : ApplyOnce(live, config, force: true);
        }
    }

    private JsonObject ApplyOnce(TypedObject live, TypedObject config, bool force)
    {
        var managed = ManagedFields.Read(live.Object.At("metadata", ManagedFields.Field), isStored: true);
        var bare = live with { Object = (JsonObject)live.Object.DeepClone() };
        Set(bare.Object, null);
        if (managed.Owners.Count == 0)
        {
            Record(Typed(EmptyObjects.Of(_write.Type)), bare, managed, BeforeFirstApply);
        }

        var owner = FieldOwner.Applier(_write.Manager, _write.Subresource);
        var applied = _updater.Apply(bare, config, managed, owner, force);
        if (managed[owner] is { } owned)
        {
            managed[owner] = new OwnedFields(owned.ApiVersion, owned.Fields.Difference(NeverOwned), applied is null ? owned.Time : Now());
        }

        var result = applied ?? bare.Object;
        Set(result, managed.ToJson());
        return result;
    }

    private void Record(TypedObject live, TypedObject obj, ManagedFields managed, string manager)
    {
        _updater.Update(live, obj, managed, Current);
        var written = managed[Current]?.Fields.Difference(NeverOwned) ?? FieldSet.Empty;
        managed[Current] = null;
        if (!written.IsEmpty)
        {
            var owner = FieldOwner.Updater(manager, _write.ApiVersion, _write.Subresource);
            managed[owner] = new OwnedFields(_write.ApiVersion, written.Union(managed[owner]?.Fields ?? FieldSet.Empty), Now());
        }

        UpdaterLimit.Enforce(managed);
    }

    // A client that knows nothing of managedFields must not delete them; through a subresource they cannot be set at all.
    private ManagedFields ReadEither(JsonNode? given, JsonNode? before)
    {
        if (_write.Subresource.Length == 0)
        {
            if (given is JsonArray and ([] or [JsonObject { Count: 0 }]))
            {
                return new ManagedFields();
            }

            // Nearly always the client sends what it has read.
            if (given is not null && !JsonNode.DeepEquals(given, before) && ReadOrNone(given, isStored: false) is { Owners.Count: > 0 } read)
            {
                return read;
            }
        }

        return ReadOrNone(before, isStored: true);
    }

    private static ManagedFields ReadOrNone(JsonNode? entries, bool isStored)
    {
        try
        {
            return ManagedFields.Read(entries, isStored);
        }
        catch (FormatException)
        {
            return new ManagedFields();
        }
    }

    private TypedObject Typed(JsonObject obj) => new(obj, _write.Type, _write.ApiVersion);

    private string Now() => Timestamps.FormatTime(_write.Now);

    private static void Set(JsonObject obj, JsonNode? managedFields)
    {
        if (managedFields is null)
        {
            obj.ObjectAt("metadata")?.Remove(ManagedFields.Field);
        }
        else
        {
            obj.GetOrAddObject("metadata")[ManagedFields.Field] = managedFields;
        }
    }

    private static string Describe(GroupVersionKind kind) => $"{kind.Group}/{kind.Version}, Kind={kind.Kind}";
}
