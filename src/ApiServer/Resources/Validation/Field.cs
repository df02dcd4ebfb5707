using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>
/// A place in an object that is validated: its value, its path, and where its faults go. The path is spelled out only for a fault, because every write
/// comes this way (benchmark: create).
/// </summary>
internal sealed class Field
{
    private const int NoIndex = -1;

    private readonly Field? _parent;
    private readonly string _name;
    private readonly int _index;
    private readonly List<FieldError> _faults;

    private Field(Field? parent, string name, int index, JsonNode? value, List<FieldError> faults)
    {
        (_parent, _name, _index, Value, _faults) = (parent, name, index, value, faults);
    }

    public JsonNode? Value { get; }

    public bool IsSet => Value is not null;

    /// <summary>The text; empty when it is absent.</summary>
    public string Text => Value.StringAt() ?? "";

    public long? Number => Value.IntegerAt();

    public bool IsTrue => Value.BooleanAt() == true;

    public int Count => Cell.CountOf(Value);

    public string Path => (_parent?.Path, _name, _index) switch
    {
        (null, _, _) => _name,
        (var parent, _, not NoIndex) => $"{parent}[{_index}]",
        ("", _, _) => _name,
        (var parent, ['[', ..], _) => parent + _name,
        var (parent, _, _) => $"{parent}.{_name}",
    };

    /// <summary>How many faults were found so far, in the whole object.</summary>
    public int Faults => _faults.Count;

    public Field this[string name] => new(this, name, NoIndex, (Value as JsonObject)?[name], _faults);

    public Field this[int index] => new(this, "", index, Value is JsonArray list && index < list.Count ? list[index] : null, _faults);

    /// <summary>The members of a list.</summary>
    public IEnumerable<Field> Items
    {
        get
        {
            for (var index = 0; index < ((Value as JsonArray)?.Count ?? 0); index++)
            {
                yield return this[index];
            }
        }
    }

    /// <summary>The values of a map, whose paths end in the key in brackets.</summary>
    public IEnumerable<(string Name, Field Field)> Entries => Value is JsonObject { Count: > 0 } map
        ? map.Select(entry => (entry.Key, new Field(this, $"[{entry.Key}]", NoIndex, entry.Value, _faults)))
        : [];

    /// <summary>All faults that the rules find in an object.</summary>
    public static List<FieldError> FaultsOf(JsonNode? obj, params ReadOnlySpan<Action<Field>> rules)
    {
        var faults = new List<FieldError>();
        var root = new Field(null, "", NoIndex, obj, faults);
        foreach (var rule in rules)
        {
            rule(root);
        }

        return faults;
    }

    /// <summary>The same place, holding another value: another version of the object, or a part that upstream's path leaves out.</summary>
    public Field With(JsonNode? value) => new(_parent, _name, _index, value, _faults);

    /// <summary>The value of a map under a key, whether it is there or not.</summary>
    public Field Key(string key) => new(this, $"[{key}]", NoIndex, (Value as JsonObject)?[key], _faults);

    public void Add(IEnumerable<FieldError> faults) => _faults.AddRange(faults);

    public void Required(string detail = "") => _faults.Add(FieldError.Required(Path, detail));

    /// <summary>The value is shown, absent ones as upstream shows an empty text.</summary>
    public void Invalid(string detail) => InvalidValue(Value ?? "", detail);

    public void InvalidValue(object? shown, string detail) => _faults.Add(FieldError.Invalid(Path, shown, detail));

    /// <summary>Invalid for a reason that has nothing to do with the value, which is left out.</summary>
    public void InvalidAltogether(string detail) => _faults.Add(new FieldError("FieldValueInvalid", Path, $"Invalid value: {detail}"));

    public void Forbidden(string detail) => _faults.Add(FieldError.Forbidden(Path, detail));

    /// <summary>The supported values are shown in the given order, which is upstream's.</summary>
    public void NotSupported(params IEnumerable<string> supported) => _faults.Add(FieldError.NotSupportedInOrder(Path, Value ?? "", supported));

    public void Duplicate(object? shown) => _faults.Add(FieldError.Duplicate(Path, shown));

    public void NotFound(string detail = "") =>
        _faults.Add(new FieldError("FieldValueNotFound", Path, $"Not found: {GoText.Value(Value ?? "")}{(detail.Length == 0 ? "" : ": " + detail)}"));

    public void TooLong(int limit) => _faults.Add(FieldError.TooLong(Path, limit));

    public void TooMany(int limit) => _faults.Add(FieldError.TooMany(Path, Count, limit));
}
