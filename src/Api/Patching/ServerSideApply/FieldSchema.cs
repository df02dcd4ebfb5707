using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// What a value is to apply: one value that is set as a whole, a list whose items are told apart, or a map that is set key by key. Made of the type and of what the field that
/// holds it says (list type, map type).
/// </summary>
internal readonly record struct FieldSchema
{
    private readonly TypeRef? _type;
    private readonly FieldType? _field;
    private readonly ObjectType? _object;
    private readonly bool _isDeduced;

    private FieldSchema(TypeRef? type, FieldType? field, ObjectType? obj, bool isDeduced = false)
    {
        _type = type;
        _field = field;
        _object = obj;
        _isDeduced = isDeduced || type is { IsGranular: true };
    }

    /// <summary>What nothing is known of (x-kubernetes-preserve-unknown-fields): maps are granular, lists atomic.</summary>
    public static FieldSchema Deduced { get; } = new(null, null, null, isDeduced: true);

    /// <summary>The named fields; null for everything that has none.</summary>
    public ObjectType? Object => _object;

    /// <summary>The keys of a list's items; empty for a set.</summary>
    public IReadOnlyList<string> Keys => _field?.ListMapKeys ?? [];

    private ValueKind Kind => _type?.Kind ?? (_object is null ? ValueKind.Any : ValueKind.Object);

    public static FieldSchema Of(ObjectType type) => new(null, null, type);

    public static FieldSchema Of(FieldType field) => new(field.Type, field, ObjectOf(field.Type));

    /// <summary>How a value is treated. What a value of another form than the schema's is treated as follows the schema; validation refuses it.</summary>
    public FieldForm FormOf(JsonNode? value) => _isDeduced
        ? value switch
        {
            JsonObject => FieldForm.Map,
            JsonArray => FieldForm.AtomicList,
            JsonValue => FieldForm.Scalar,
            _ => FieldForm.Map,
        }
        : Form;

    public bool IsDeduced => _isDeduced;

    public FieldForm Form => Kind switch
    {
        ValueKind.Object when _object is null or { OrderedFields.Count: 0, PreservesUnknownFields: false } => FieldForm.Any,
        ValueKind.Object => _object.IsAtomic || _field is { IsAtomic: true } ? FieldForm.AtomicMap : FieldForm.Map,
        ValueKind.Map => _field is { IsAtomic: true } ? FieldForm.AtomicMap : FieldForm.Map,
        ValueKind.List => _field?.ListType is ListType.Set or ListType.Map ? FieldForm.List : FieldForm.AtomicList,
        ValueKind.Any or ValueKind.SchemaOrArray or ValueKind.SchemaOrBool or ValueKind.SchemaOrStringArray => FieldForm.Any,
        _ => FieldForm.Scalar,
    };

    /// <summary>What a scalar must be: a string, a number, a truth value, or any of them.</summary>
    public ValueKind ScalarKind => Kind;

    /// <summary>The items of a list or the values of a map.</summary>
    public FieldSchema Element => _isDeduced ? Deduced : _type?.Element is { } element ? new FieldSchema(element, null, ObjectOf(element)) : default;

    public bool Declares(string name) => _object?.Fields.ContainsKey(name) ?? false;

    /// <summary>The schema of a field or of a key's value; null when the object has no such field.</summary>
    public FieldSchema? Below(string name)
    {
        if (_object is { } type)
        {
            return type.Fields.TryGetValue(name, out var field) ? Of(field) : type.PreservesUnknownFields ? Deduced : null;
        }

        return _isDeduced ? Deduced : Kind == ValueKind.Map ? Element : null;
    }

    public FieldSchema Below(FieldElement element) => element.IsField ? Below(element.Name) ?? default : Element;

    /// <summary>The element of an item of a list whose items are told apart. Throws <see cref="FieldSchemaException"/>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="view">How objects are read.</param>
    public FieldElement ElementOf(JsonNode? item, ObjectView view)
    {
        var keys = Keys;
        return keys.Count > 0 ? KeyOf(item, keys, view) : item switch
        {
            JsonObject => throw new FieldSchemaException("associative list without keys has an element that's a map type"),
            JsonArray => throw new FieldSchemaException("not supported: associative list with lists as elements"),
            null => throw new FieldSchemaException("associative list without keys has an element that's an explicit null"),
            _ => FieldElement.Value(item),
        };
    }

    private FieldElement KeyOf(JsonNode? item, IReadOnlyList<string> names, ObjectView view)
    {
        var obj = item switch
        {
            JsonObject map => map,
            null => throw new FieldSchemaException("associative list with keys may not have a null element"),
            _ => throw new FieldSchemaException("associative list with keys may not have non-map elements"),
        };
        var element = Element;
        var keys = new KeyValuePair<string, JsonNode?>[names.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var field = element._object?.Fields.GetValueOrDefault(names[i]);
            if (!view.TryGet(obj, names[i], field, out var value))
            {
                value = field?.Default ?? throw new FieldSchemaException(
                    $"associative list with keys has an element that omits key field \"{names[i]}\" (and doesn't have default value)");
            }

            keys[i] = KeyValuePair.Create(names[i], value);
        }

        return FieldElement.Key(keys);
    }

    private static ObjectType? ObjectOf(TypeRef type) => type.Kind == ValueKind.Object ? type.Object : null;
}
