namespace MiniKube.Api.Schema;

/// <summary>One type of the API and its fields.</summary>
public sealed class ObjectType
{
    /// <summary>The fields by JSON name, inlined ones included.</summary>
    public IReadOnlyDictionary<string, FieldType> Fields { get; init; } = new Dictionary<string, FieldType>();
}
