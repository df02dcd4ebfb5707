namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>The fields in which two objects differ.</summary>
/// <param name="Added">Those that only the second has.</param>
/// <param name="Modified">Those that both have, with other values.</param>
/// <param name="Removed">Those that only the first has.</param>
internal sealed record FieldComparison(FieldSet Added, FieldSet Modified, FieldSet Removed)
{
    /// <summary>What the second object has that the first has not.</summary>
    public FieldSet Changed => Added.Union(Modified);

    public FieldComparison Without(FieldSet ignored) => ignored.IsEmpty ? this : new FieldComparison(
        Added.RecursiveDifference(ignored), Modified.RecursiveDifference(ignored), Removed.RecursiveDifference(ignored));
}
