using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// One step of a field's path: the name of a field or the key of a map (<c>f:name</c>), the keys of a list's item (<c>k:{"name":"a"}</c>), the value of a set's item
/// (<c>v:"a"</c>), or an index (<c>i:0</c>). Immutable; ordered as structured-merge-diff orders them, which is the order on the wire.
/// </summary>
internal sealed class FieldElement : IComparable<FieldElement>
{
    private readonly Kind _kind;
    private readonly JsonNode? _value;
    private readonly KeyValuePair<string, JsonNode?>[] _keys;
    private readonly int _index;
    private string? _encoded;

    private FieldElement(Kind kind, string name = "", JsonNode? value = null, KeyValuePair<string, JsonNode?>[]? keys = null, int index = 0)
    {
        _kind = kind;
        Name = name;
        _value = value;
        _keys = keys ?? [];
        _index = index;
    }

    private enum Kind
    {
        Field,
        Key,
        Value,
        Index,
    }

    /// <summary>The name of a field; empty for everything else.</summary>
    public string Name { get; }

    public bool IsField => _kind == Kind.Field;

    /// <summary>The name of a property of fieldsV1.</summary>
    public string Encoded => _encoded ??= _kind switch
    {
        Kind.Field => "f:" + Name,
        Kind.Key => "k:" + Json(new JsonObject(_keys.Select(key => KeyValuePair.Create(key.Key, key.Value?.DeepClone())))),
        Kind.Value => "v:" + Json(_value),
        _ => "i:" + _index.ToString(CultureInfo.InvariantCulture),
    };

    public static FieldElement Field(string name) => new(Kind.Field, name);

    /// <summary>The item of a set.</summary>
    public static FieldElement Value(JsonNode value) => new(Kind.Value, value: value);

    public static FieldElement At(int index) => new(Kind.Index, index: index);

    /// <summary>The item of a list with those keys.</summary>
    public static FieldElement Key(KeyValuePair<string, JsonNode?>[] keys)
    {
        if (keys.Length > 1)
        {
            Array.Sort(keys, (one, other) => string.CompareOrdinal(one.Key, other.Key));
        }

        return new FieldElement(Kind.Key, keys: keys);
    }

    /// <summary>Reads the name of a property of fieldsV1; null for a kind of element that a later version may know. Throws <see cref="FormatException"/>.</summary>
    public static FieldElement? Parse(string text)
    {
        if (text.Length < 2 || text[1] != ':')
        {
            throw new FormatException($"not a path element: {text}");
        }

        switch (text[0])
        {
            case 'f':
                return new FieldElement(Kind.Field, text[2..]) { _encoded = text };
            case 'k' when ParseJson(text[2..]) is JsonObject keys:
                return Key([.. keys]);
            case 'v':
                return new FieldElement(Kind.Value, value: ParseJson(text[2..]));
            case 'i' when int.TryParse(text.AsSpan(2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index):
                return At(index);
            case 'k' or 'i':
                throw new FormatException($"not a path element: {text}");
            default:
                return null;
        }
    }

    public int CompareTo(FieldElement? other)
    {
        if (other is null)
        {
            return 1;
        }

        return _kind != other._kind ? _kind.CompareTo(other._kind) : _kind switch
        {
            Kind.Field => string.CompareOrdinal(Name, other.Name),
            Kind.Key => CompareKeys(_keys, other._keys),
            Kind.Value => Scalars.Compare(_value, other._value),
            _ => _index.CompareTo(other._index),
        };
    }

    /// <summary>As paths are shown in messages: <c>.name</c>, <c>[name="a"]</c>, <c>[="a"]</c>, <c>[0]</c>.</summary>
    public override string ToString() => _kind switch
    {
        Kind.Field => "." + Name,
        Kind.Key => $"[{string.Join(',', _keys.Select(key => $"{key.Key}={Scalars.Print(key.Value)}"))}]",
        Kind.Value => $"[={Scalars.Print(_value)}]",
        _ => $"[{_index}]",
    };

    private static int CompareKeys(KeyValuePair<string, JsonNode?>[] left, KeyValuePair<string, JsonNode?>[] right)
    {
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            var order = string.CompareOrdinal(left[i].Key, right[i].Key);
            order = order == 0 ? Scalars.Compare(left[i].Value, right[i].Value) : order;
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static string Json(JsonNode? node) => System.Text.Encoding.UTF8.GetString(JsonCodec.WriteValue(node));

    private static JsonNode? ParseJson(string json)
    {
        try
        {
            return JsonCodec.ParseValue(System.Text.Encoding.UTF8.GetBytes(json));
        }
        catch (DecodeException error)
        {
            throw new FormatException(error.Message);
        }
    }
}
