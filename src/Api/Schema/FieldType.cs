namespace MiniKube.Api.Schema;

/// <summary>One field of a type.</summary>
public sealed class FieldType
{
}
