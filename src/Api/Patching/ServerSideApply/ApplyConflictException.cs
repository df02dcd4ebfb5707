using MiniKube.Api.Errors;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Others own fields that an applied configuration wants to have otherwise.</summary>
internal sealed class ApplyConflictException(IReadOnlyDictionary<FieldOwner, FieldSet> conflicts) : Exception("The fields are owned by others.")
{
    public IReadOnlyDictionary<FieldOwner, FieldSet> Conflicts { get; } = conflicts;

    /// <summary>The conflicts that are not allowed; null when none is left.</summary>
    public ApplyConflictException? Without(FieldSet allowed)
    {
        var left = new SortedDictionary<FieldOwner, FieldSet>();
        foreach (var (owner, fields) in Conflicts)
        {
            if (fields.Difference(allowed) is { IsEmpty: false } rest)
            {
                left[owner] = rest;
            }
        }

        return left.Count == 0 ? null : new ApplyConflictException(left);
    }

    /// <summary>The Status that upstream answers with.</summary>
    public StatusException ToStatus()
    {
        var causes = Conflicts
            .SelectMany(conflict => conflict.Value.Paths().Select(path => new FieldError("FieldManagerConflict", path, $"conflict with {conflict.Key}")))
            .ToList();
        var text = causes is [var only]
            ? $"Apply failed with 1 conflict: {only.Message}: {only.Field}"
            : $"Apply failed with {causes.Count} conflicts: {string.Join('\n', Conflicts.SelectMany(Lines))}";
        return StatusException.ApplyConflict(text, causes);
    }

    private static IEnumerable<string> Lines(KeyValuePair<FieldOwner, FieldSet> conflict) =>
        conflict.Value.Paths().Select(path => $"- {path}").Prepend($"conflicts with {conflict.Key}:");
}
