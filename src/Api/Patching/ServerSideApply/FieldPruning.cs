namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// Takes out of a merged object what its applier set before and does not set any more, unless another owner has it too. Items of lists and keys of maps that nobody owned stay.
/// </summary>
internal sealed class FieldPruning(Func<TypedObject, string, TypedObject?> convert)
{
    /// <param name="merged">The live object with the configuration merged in.</param>
    /// <param name="managed">The owners, the applier with what it applies now.</param>
    /// <param name="last">What the applier owned before.</param>
    public TypedObject Prune(TypedObject merged, ManagedFields managed, OwnedFields? last)
    {
        if (last is null || convert(merged, last.ApiVersion) is not { } converted)
        {
            return merged;
        }

        var schema = converted.Schema;
        var lastFields = last.Fields.WithNamedFields(schema);
        var pruned = converted with { Object = ItemRemoval.Remove(converted.Object, lastFields, schema) };
        pruned = AddBackOwned(converted, pruned, managed);
        return convert(AddBackDangling(converted, pruned, lastFields), merged.ApiVersion) ?? merged;
    }

    private TypedObject AddBackOwned(TypedObject merged, TypedObject pruned, ManagedFields managed)
    {
        // The version that was pruned comes first: what conversions to the others need must be there.
        var versions = managed.Owners.Values
            .GroupBy(owned => owned.ApiVersion, owned => owned.Fields)
            .OrderBy(version => version.Key == merged.ApiVersion ? 0 : 1);
        var current = pruned;
        foreach (var version in versions)
        {
            if (convert(merged, version.Key) is { } whole && convert(current, version.Key) is { } left)
            {
                var schema = whole.Schema;
                var kept = AppliedFields.Of(left.Object, schema).WithNamedFields(schema)
                    .Union(FieldSet.Union([.. version]).WithNamedFields(schema));
                var gone = AppliedFields.Of(whole.Object, schema).WithNamedFields(schema).Difference(kept);
                current = whole with { Object = ItemRemoval.Remove(whole.Object, gone, schema) };
            }
        }

        return convert(current, merged.ApiVersion) ?? current;
    }

    private static TypedObject AddBackDangling(TypedObject merged, TypedObject pruned, FieldSet last)
    {
        var schema = merged.Schema;
        var gone = AppliedFields.Of(merged.Object, schema).WithNamedFields(schema)
            .Difference(AppliedFields.Of(pruned.Object, schema).WithNamedFields(schema))
            .Intersection(last);
        return merged with { Object = ItemRemoval.Remove(merged.Object, gone, schema) };
    }
}
