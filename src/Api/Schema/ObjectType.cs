using MiniKube.Api.Meta;
using MiniKube.Api.Schema.Structural;

namespace MiniKube.Api.Schema;

/// <summary>One type of the API and its fields. Immutable; built-in ones come from <see cref="TypeGraph"/>, those of custom resources from their schema.</summary>
public sealed class ObjectType
{
    private readonly Dictionary<string, FieldType>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Dictionary<string, FieldType> _fields;
    private FieldType?[]? _byNumber;

    public ObjectType(string package, string name, IReadOnlyList<FieldType> declared)
    {
        Package = package;
        Name = name;
        Declared = declared;
        OrderedFields = [.. declared.SelectMany(field => field.IsInline ? field.Type.Object?.OrderedFields ?? [] : [field])];
        _fields = new Dictionary<string, FieldType>(OrderedFields.Count, StringComparer.Ordinal);
        foreach (var field in OrderedFields)
        {
            _fields[field.Name] = field;
        }

        _bySpan = _fields.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Go's package, such as <c>core/v1</c>; for a custom resource its group and version.</summary>
    public string Package { get; }

    /// <summary>The name without the package, such as <c>PodSpec</c>.</summary>
    public string Name { get; }

    /// <summary>The type as Go prints it in error messages, such as <c>v1.PodSpec</c>.</summary>
    public string GoName => $"{Package[(Package.LastIndexOf('/') + 1)..]}.{Name}";

    /// <summary>The fields as Go declares them, inlined types as one field: protobuf has messages for those.</summary>
    public IReadOnlyList<FieldType> Declared { get; }

    /// <summary>The fields of the JSON object in the order in which they are written, inlined ones included.</summary>
    public IReadOnlyList<FieldType> OrderedFields { get; }

    /// <summary>The fields by JSON name, inlined ones included.</summary>
    public IReadOnlyDictionary<string, FieldType> Fields => _fields;

    /// <summary>Whether apply treats a value of this type as a whole.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Whether fields that the type does not name are kept (<c>x-kubernetes-preserve-unknown-fields</c>).</summary>
    public bool PreservesUnknownFields { get; init; }

    /// <summary>
    /// Of a custom resource: the schema that the type was made of. Such objects are pruned by it, keep what Go's types would leave out, have no protobuf form
    /// and know no strategic merge. Null for built-in types.
    /// </summary>
    public StructuralSchema? Schema { get; init; }

    /// <summary>Whether objects of this type have a kind and an apiVersion.</summary>
    public bool IsKind => _fields.ContainsKey("kind") && _fields.ContainsKey("apiVersion") && Declared[0].IsInline;

    /// <summary>The kind that <see cref="IsKind">a kind's</see> objects carry.</summary>
    public GroupVersionKind GroupVersionKind => ApiPackages.KindOf(this);

    /// <summary>The fields of <see cref="Declared"/> at their numbers in protobuf. Made on first use: most types never meet protobuf.</summary>
    internal ReadOnlySpan<FieldType?> ByNumber => _byNumber ??= IndexByNumber();

    internal FieldType? Find(ReadOnlySpan<char> name) => _bySpan.TryGetValue(name, out var field) ? field : null;

    public override string ToString() => $"{Package}.{Name}";

    // Numbers are small and dense.
    private FieldType?[] IndexByNumber()
    {
        var index = new FieldType?[Declared.Select(field => field.ProtobufNumber).DefaultIfEmpty().Max() + 1];
        foreach (var field in Declared)
        {
            index[field.ProtobufNumber] = field;
        }

        index[0] = null;
        return index;
    }
}
