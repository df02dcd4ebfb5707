namespace MiniKube.Api.Schema;

/// <summary>How server-side apply merges a list (<c>x-kubernetes-list-type</c>).</summary>
public enum ListType
{
    /// <summary>Replaced as a whole; upstream's default where nothing is said.</summary>
    Atomic,

    /// <summary>Scalars, each at most once.</summary>
    Set,

    /// <summary>Objects told apart by <see cref="FieldType.ListMapKeys"/>.</summary>
    Map,
}
