using System.Text.Json.Nodes;

using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// What of an object counts as being there. <see cref="Literal"/>: what is written, nulls included, as a client applies it. <see cref="Model"/>: what Go's struct of the type would
/// write of it, as the server holds it: empty values are absent, and fields that Go always writes are there though the object does not name them.
/// </summary>
internal sealed class ObjectView
{
    private static readonly JsonObject EmptyObject = [];

    private readonly bool _isModel;

    private ObjectView(bool isModel) => _isModel = isModel;

    public static ObjectView Literal { get; } = new(false);

    public static ObjectView Model { get; } = new(true);

    public bool IsModel => _isModel;

    /// <summary>Whether the object has the field, and its value: null stands for JSON's null.</summary>
    public bool TryGet(JsonObject obj, string name, FieldType? field, out JsonNode? value)
    {
        var isNamed = obj.TryGetPropertyValue(name, out value);
        return IsThere(isNamed, field, ref value);
    }

    /// <summary>The same when the object has been asked already.</summary>
    public bool IsThere(bool isNamed, FieldType? field, ref JsonNode? value)
    {
        if (!_isModel || field is null)
        {
            return isNamed;
        }

        if (value is not null)
        {
            return field.IsPointer || field.WrittenWhenEmpty || !Emptiness.IsEmpty(value);
        }

        value = field.WrittenWhenEmpty ? Zero(field) : null;
        return field.WrittenWhenEmpty;
    }

    /// <summary>The names under which one of the objects may have something; each once.</summary>
    public IEnumerable<string> Names(JsonObject? left, JsonObject? right, ObjectType? type) => _isModel && type is not null
        ? type.OrderedFields.Select(field => field.Name).Concat(UnmodelledNames(left, right, type))
        : UnmodelledNames(left, right, type);

    /// <summary>As <see cref="Names"/>, but without the fields of the type where these make the view.</summary>
    public IEnumerable<string> UnmodelledNames(JsonObject? left, JsonObject? right, ObjectType? type)
    {
        foreach (var (name, _) in left ?? [])
        {
            if (!_isModel || type?.Find(name) is null)
            {
                yield return name;
            }
        }

        foreach (var (name, _) in right ?? [])
        {
            if ((!_isModel || type?.Find(name) is null) && left?.ContainsKey(name) != true)
            {
                yield return name;
            }
        }
    }

    /// <summary>Whether the object has anything.</summary>
    public bool HasAny(JsonObject obj, ObjectType? type)
    {
        if (!_isModel || type is null)
        {
            return obj.Count > 0;
        }

        foreach (var name in Names(obj, null, type))
        {
            if (TryGet(obj, name, type.Find(name), out _))
            {
                return true;
            }
        }

        return false;
    }

    private static JsonNode? Zero(FieldType field) => field switch
    {
        { IsPointer: true } => null,
        { Type.Kind: ValueKind.Object } => EmptyObject,
        _ => Emptiness.Zero(field.Type),
    };
}
