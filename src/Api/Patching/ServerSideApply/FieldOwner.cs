namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Who owns fields: the identity of an entry of managedFields.</summary>
/// <param name="Manager">The name.</param>
/// <param name="IsApplier">Whether it applies; else it updates.</param>
/// <param name="ApiVersion">The version that an updater wrote in. Empty for an applier: that is one owner in every version.</param>
/// <param name="Subresource">Such as <c>status</c>; empty for the object itself.</param>
internal sealed record FieldOwner(string Manager, bool IsApplier, string ApiVersion, string Subresource) : IComparable<FieldOwner>
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public string Operation => IsApplier ? Apply : Update;

    public static FieldOwner Applier(string manager, string subresource) => new(manager, true, "", subresource);

    public static FieldOwner Updater(string manager, string apiVersion, string subresource) => new(manager, false, apiVersion, subresource);

    public int CompareTo(FieldOwner? other) => other is null ? 1
        : FirstDifference(
            string.CompareOrdinal(Manager, other.Manager),
            string.CompareOrdinal(Operation, other.Operation),
            string.CompareOrdinal(ApiVersion, other.ApiVersion),
            string.CompareOrdinal(Subresource, other.Subresource));

    /// <summary>As conflicts name it: <c>"kubectl" using apps/v1</c>.</summary>
    public override string ToString()
    {
        var name = Errors.GoText.Quote(Manager) + (Subresource.Length == 0 ? "" : $" with subresource {Errors.GoText.Quote(Subresource)}");
        return IsApplier ? name : $"{name} using {ApiVersion}";
    }

    internal static int FirstDifference(params ReadOnlySpan<int> orders)
    {
        foreach (var order in orders)
        {
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
