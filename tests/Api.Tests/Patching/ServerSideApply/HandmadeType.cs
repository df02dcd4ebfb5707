using System.Text.Json.Nodes;

using MiniKube.Api.Schema;

namespace MiniKube.Api.Tests.Patching.ServerSideApply;

/// <summary>A type as a custom resource's schema makes it, with one field of every way to merge.</summary>
internal static class HandmadeType
{
    private static readonly TypeRef Text = new(ValueKind.String) { GoName = "string" };
    private static readonly TypeRef Number = new(ValueKind.Integer) { GoName = "int64" };

    private static readonly ObjectType Port = new("test/v1", "Port",
    [
        Field("port", Number), Field("protocol", Text, JsonValue.Create("TCP")), Field("name", Text),
    ]);

    private static readonly ObjectType Item = new("test/v1", "Item",
    [
        Field("name", Text), Field("value", Number), Field("other", Number),
        new FieldType { Name = "ports", Type = ListOf(Port), IsPointer = true, ListType = ListType.Map, ListMapKeys = ["port", "protocol"] },
    ]);

    private static readonly ObjectType Inner = new("test/v1", "Inner", [Field("a", Text), Field("b", Text)]);

    private static readonly ObjectType Open = new("test/v1", "Open", [Field("known", Text)]) { PreservesUnknownFields = true };

    public static ObjectType Thing { get; } = new("test/v1", "Thing",
    [
        Field("kind", Text), Field("apiVersion", Text),
        new FieldType { Name = "metadata", Type = Reference(TypeGraph.BuiltIn.Find("meta/v1", "ObjectMeta")!) },
        new FieldType { Name = "list", Type = ListOf(Item), IsPointer = true, ListType = ListType.Map, ListMapKeys = ["name"] },
        new FieldType { Name = "set", Type = new TypeRef(ValueKind.List) { Element = Text }, IsPointer = true, ListType = ListType.Set },
        new FieldType { Name = "numbers", Type = new TypeRef(ValueKind.List) { Element = Number }, IsPointer = true, ListType = ListType.Set },
        new FieldType { Name = "atomicList", Type = new TypeRef(ValueKind.List) { Element = Text }, IsPointer = true },
        new FieldType { Name = "map", Type = new TypeRef(ValueKind.Map) { Element = Text }, IsPointer = true },
        new FieldType { Name = "atomicMap", Type = new TypeRef(ValueKind.Map) { Element = Text }, IsPointer = true, IsAtomic = true },
        new FieldType { Name = "inner", Type = Reference(Inner), IsPointer = true },
        new FieldType { Name = "atomicInner", Type = Reference(Inner), IsPointer = true, IsAtomic = true },
        new FieldType { Name = "open", Type = Reference(Open), IsPointer = true },
    ]);

    private static FieldType Field(string name, TypeRef type, JsonNode? value = null) => new() { Name = name, Type = type, IsPointer = true, Default = value };

    private static TypeRef Reference(ObjectType type) => new(ValueKind.Object, new Lazy<ObjectType>(type));

    private static TypeRef ListOf(ObjectType item) => new(ValueKind.List) { Element = Reference(item) };
}
