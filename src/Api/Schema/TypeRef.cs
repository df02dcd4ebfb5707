namespace MiniKube.Api.Schema;

/// <summary>The type of a value: of a field, of a list's items or of a map's values. Object types are found on first use, since types may contain themselves.</summary>
public sealed class TypeRef
{
    private readonly Lazy<ObjectType>? _object;

    public TypeRef(ValueKind kind) => Kind = kind;

    public TypeRef(ValueKind kind, Lazy<ObjectType> objectType)
    {
        Kind = kind;
        _object = objectType;
    }

    public ValueKind Kind { get; }

    /// <summary>The fields of an object, and of the union kinds (SchemaOrArray and its like) in their protobuf form; null for other kinds.</summary>
    public ObjectType? Object => _object?.Value;

    /// <summary>The type of a list's items or a map's values.</summary>
    public TypeRef? Element { get; init; }

    /// <summary>32 or 64 for integers.</summary>
    public int Bits { get; init; } = 64;

    /// <summary>The type as Go writes it in error messages, such as <c>[]v1.Container</c>.</summary>
    public string GoName { get; init; } = "";

    /// <summary>A list that protobuf wraps in a message of its own, since it stands where protobuf allows no repeated field (<c>Verbs</c>, <c>ExtraValue</c>).</summary>
    public bool IsWrappedList { get; init; }

    /// <summary>Of <see cref="ValueKind.Any"/>: whether apply merges what is there map by map rather than as one value (a custom resource's unknown fields).</summary>
    public bool IsGranular { get; init; }

    /// <summary>Of <see cref="ValueKind.Any"/>: whether the text is written as it was read, since there is one form only (FieldsV1).</summary>
    public bool IsVerbatim { get; init; }

    /// <summary>Whether Go holds it in a struct: <c>omitempty</c> does not leave such a value out.</summary>
    public bool IsGoStruct => Kind is ValueKind.Object or >= ValueKind.Quantity;

    public override string ToString() => Kind switch
    {
        ValueKind.List => $"List<{Element}>",
        ValueKind.Map => $"Map<{Element}>",
        ValueKind.Object => GoName,
        _ => Kind.ToString(),
    };
}
