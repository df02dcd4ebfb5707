using MiniKube.Api.Meta;

namespace MiniKube.Api.Schema.Structural;

/// <summary>Makes the type of a custom resource of its schema, in the form that built-in types have: what server-side apply and the rest of the server walk.</summary>
public static class StructuralTypes
{
    private const string MetaPackage = "meta/v1";

    /// <summary>The type of a kind's objects.</summary>
    public static ObjectType Of(GroupVersionKind kind, StructuralSchema schema)
    {
        var package = $"{kind.Group}/{kind.Version}";
        List<FieldType> fields =
        [
            new() { Name = "", Type = Builtin("TypeMeta") },
            new() { Name = "metadata", Type = Builtin("ObjectMeta") },
            .. schema.Properties
                .Where(property => property.Key is not ("apiVersion" or "kind" or "metadata"))
                .Select(property => Field(package, kind.Kind, property.Key, property.Value, schema)),
        ];
        return new ObjectType(package, kind.Kind, fields) { PreservesUnknownFields = schema.PreservesUnknownFields, Schema = schema };
    }

    private static FieldType Field(string package, string owner, string name, StructuralSchema schema, StructuralSchema parent) => new()
    {
        Name = name,
        Type = Type(package, $"{owner}.{name}", schema),

        // What a client sends stays: an empty value is not an absent one.
        IsPointer = true,
        Required = parent.Rules?.Required.Contains(name) ?? false,
        Default = schema.Default,
        ListType = schema.ListType,
        ListMapKeys = schema.ListMapKeys,
        IsAtomic = schema.IsAtomicMap,
    };

    private static TypeRef Type(string package, string name, StructuralSchema schema) => schema switch
    {
        { IsIntOrString: true } => new TypeRef(ValueKind.IntOrString),
        { IsEmbeddedResource: true } => new TypeRef(ValueKind.Object, new Lazy<ObjectType>(() => Embedded(package, name, schema))) { GoName = "object" },
        { Type: "object", AdditionalProperties: { } values } => new TypeRef(ValueKind.Map) { Element = Type(package, $"{name}.*", values), GoName = "object" },
        { Type: "object" } => new TypeRef(ValueKind.Object, new Lazy<ObjectType>(() => Object(package, name, schema))) { GoName = "object" },
        { Type: "array", Items: { } items } => new TypeRef(ValueKind.List) { Element = Type(package, $"{name}[]", items), GoName = "array" },
        { Type: "string" } => new TypeRef(ValueKind.String) { GoName = "string" },
        { Type: "integer" } => new TypeRef(ValueKind.Integer) { GoName = "integer" },
        { Type: "number" } => new TypeRef(ValueKind.Float) { GoName = "number" },
        { Type: "boolean" } => new TypeRef(ValueKind.Boolean) { GoName = "boolean" },
        _ => new TypeRef(ValueKind.Any) { IsGranular = true },
    };

    private static ObjectType Object(string package, string name, StructuralSchema schema) =>
        new(package, name, [.. schema.Properties.Select(property => Field(package, name, property.Key, property.Value, schema))])
        {
            IsAtomic = schema.IsAtomicMap,
            PreservesUnknownFields = schema.PreservesUnknownFields || schema.AllowsAdditional == true,
            Schema = schema,
        };

    private static ObjectType Embedded(string package, string name, StructuralSchema schema)
    {
        var inner = Object(package, name, schema);
        var known = inner.Declared.Where(field => field.Name is not ("apiVersion" or "kind" or "metadata"));
        return new ObjectType(package, name, [new() { Name = "", Type = Builtin("TypeMeta") }, new() { Name = "metadata", Type = Builtin("ObjectMeta") }, .. known])
        {
            IsAtomic = inner.IsAtomic,
            PreservesUnknownFields = inner.PreservesUnknownFields,
            Schema = schema,
        };
    }

    private static TypeRef Builtin(string name) => new(ValueKind.Object, TypeGraph.BuiltIn.Reference(MetaPackage, name)) { GoName = $"v1.{name}" };
}
