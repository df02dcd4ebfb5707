using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// What a write does to an object and to who owns its fields (structured-merge-diff's merge.Updater): pure, without names and times of upstream's own.
/// </summary>
/// <param name="convert">Gives an object in another version of its kind; null for a version that there is no more, whose owners are forgotten.</param>
/// <param name="ignored">Fields that this way of writing cannot change: nobody comes to own them by it.</param>
internal sealed class FieldUpdater(Func<TypedObject, string, TypedObject?> convert, FieldSet ignored)
{
    /// <summary>Whoever changes a field owns it, and nobody else does.</summary>
    public void Update(TypedObject live, TypedObject obj, ManagedFields managed, FieldOwner owner)
    {
        var comparison = Settle(live, obj, ObjectView.Model, managed, owner, force: true);
        var before = managed[owner]?.Fields ?? FieldSet.Empty;
        var fields = before.Difference(comparison.Removed).Union(comparison.Changed).RecursiveDifference(ignored);
        managed[owner] = new OwnedFields(obj.ApiVersion, fields, managed[owner]?.Time);
    }

    /// <summary>Merges a configuration into an object and takes away what it no longer names and nobody else owns. Gives null when nothing of the object changes.</summary>
    /// <exception cref="ApplyConflictException">Others own fields that would change, and <paramref name="force"/> is not given.</exception>
    public JsonObject? Apply(TypedObject live, TypedObject config, ManagedFields managed, FieldOwner owner, bool force)
    {
        var merged = live with { Object = TypedMerge.Merge(live.Object, config.Object, live.Schema) };
        var last = managed[owner];
        var applied = AppliedFields.Of(config.Object, config.Schema).RecursiveDifference(ignored);
        managed[owner] = new OwnedFields(config.ApiVersion, applied, last?.Time);
        merged = new FieldPruning(convert).Prune(merged, managed, last);
        Settle(live, merged, ObjectView.Literal, managed, owner, force);
        return ValueEquality.AreEqual(live.Object, merged.Object, live.Schema, ObjectView.Literal) ? null : merged.Object;
    }

    /// <summary>Takes from the others what changes between two states of an object, and tells what that is.</summary>
    private FieldComparison Settle(TypedObject live, TypedObject obj, ObjectView view, ManagedFields managed, FieldOwner self, bool force)
    {
        var versions = new Dictionary<string, FieldComparison?>(StringComparer.Ordinal)
        {
            [obj.ApiVersion] = FieldComparer.Compare(live.Object, obj.Object, obj.Type, view).Without(ignored),
        };
        var conflicts = new SortedDictionary<FieldOwner, FieldSet>();
        foreach (var (owner, owned) in managed.Owners.Where(entry => entry.Key != self).ToList())
        {
            if (!versions.TryGetValue(owned.ApiVersion, out var comparison))
            {
                versions[owned.ApiVersion] = comparison = CompareIn(owned.ApiVersion, live, obj, view);
            }

            if (comparison is null)
            {
                managed[owner] = null;
                continue;
            }

            var conflict = owned.Intersection(comparison.Changed);
            if (!conflict.IsEmpty)
            {
                conflicts[owner] = conflict;
            }

            managed[owner] = owned.Without(conflict).Without(comparison.Removed);
        }

        return force || conflicts.Count == 0 ? versions[obj.ApiVersion]! : throw new ApplyConflictException(conflicts);
    }

    private FieldComparison? CompareIn(string version, TypedObject live, TypedObject obj, ObjectView view) =>
        convert(live, version) is { } before && convert(obj, version) is { } after
            ? FieldComparer.Compare(before.Object, after.Object, after.Type, view).Without(ignored)
            : null;
}
