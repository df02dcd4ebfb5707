using MiniKube.Api.Meta;

namespace MiniKube.Api.Schema;

/// <summary>All built-in types, made of the table of fields.</summary>
public sealed class TypeGraph
{
    public static TypeGraph BuiltIn { get; } = new();

    public ObjectType? Find(GroupVersionKind kind) => throw new NotSupportedException();
}
