namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>How a value is merged and owned.</summary>
internal enum FieldForm
{
    /// <summary>A single value.</summary>
    Scalar,

    /// <summary>Any value, as a whole.</summary>
    Any,

    /// <summary>Objects told apart by keys, or a set of scalars.</summary>
    List,
    AtomicList,

    /// <summary>Named fields or the keys of a map, each by itself.</summary>
    Map,
    AtomicMap,
}
