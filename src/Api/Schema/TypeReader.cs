using System.Text.Json.Nodes;

namespace MiniKube.Api.Schema;

/// <summary>Makes types of rows of the table of fields.</summary>
internal sealed class TypeReader(FieldTable table, TypeGraph graph)
{
    private static readonly Dictionary<string, TypeRef> Scalars = new(StringComparer.Ordinal)
    {
        ["string"] = new(ValueKind.String) { GoName = "string" },
        ["bool"] = new(ValueKind.Boolean) { GoName = "bool" },
        ["int32"] = new(ValueKind.Integer) { GoName = "int32", Bits = 32 },
        ["int64"] = new(ValueKind.Integer) { GoName = "int64" },
        ["double"] = new(ValueKind.Float) { GoName = "float64" },
        ["bytes"] = new(ValueKind.Bytes) { GoName = "[]uint8" },
        ["interface{}"] = new(ValueKind.Any) { GoName = "interface {}" },
    };

    // Types that upstream gives a JSON form of their own.
    private static readonly Dictionary<(string Package, string Name), ValueKind> SpecialKinds = new()
    {
        [("resource", "Quantity")] = ValueKind.Quantity,
        [("intstr", "IntOrString")] = ValueKind.IntOrString,
        [("meta/v1", "Time")] = ValueKind.Time,
        [("meta/v1", "MicroTime")] = ValueKind.MicroTime,
        [("meta/v1", "Duration")] = ValueKind.Duration,
        [("meta/v1", "FieldsV1")] = ValueKind.Any,
        [("runtime", "RawExtension")] = ValueKind.Any,
        [("apiextensions/v1", "JSON")] = ValueKind.Any,
        [("apiextensions/v1", "JSONSchemaPropsOrArray")] = ValueKind.SchemaOrArray,
        [("apiextensions/v1", "JSONSchemaPropsOrBool")] = ValueKind.SchemaOrBool,
        [("apiextensions/v1", "JSONSchemaPropsOrStringArray")] = ValueKind.SchemaOrStringArray,
    };

    public IEnumerable<(string Package, string Name)> Names => table.Names;

    /// <summary>The type of that name; null when the table has none.</summary>
    public ObjectType? Read(string package, string name)
    {
        var rows = table.Rows(package, name).ToList();
        return rows.Count == 0
            ? null
            : new ObjectType(package, name, [.. rows.Where(IsField).Select(row => ReadField(package, name, row))])
            {
                IsAtomic = rows.Any(row => row.Name.Length == 0 && row.Fact("structType") == "atomic"),
            };
    }

    private static bool IsField(FieldRow row) => row.Name is not ("" or FieldRow.Alias or FieldRow.Special);

    private FieldType ReadField(string package, string owner, FieldRow row)
    {
        var isPointer = row.GoType.StartsWith('*');
        var type = ReadType(package, row.ProtobufType, row.GoType.TrimStart('*'));
        return new FieldType
        {
            Name = row.Name == FieldRow.Inline ? "" : row.Name,
            Type = type,
            IsPointer = isPointer,
            WrittenWhenEmpty = row.Is("always") || (type.IsGoStruct && !isPointer && !IsOmittedWhenZero(owner, row.Name)),
            IsWrittenByTag = row.Is("always"),
            IsReadWhenEmpty = owner == "ObjectMeta" && row.Name == "managedFields",
            Optional = row.Is("optional"),
            Required = row.Is("required"),
            Default = row.Fact("default") is { } text ? JsonNode.Parse(text) : null,
            ListType = row.Fact("listType") is { } listType ? Enum.Parse<ListType>(listType, ignoreCase: true) : null,
            ListMapKeys = Words(row.Fact("listMapKeys")),
            IsAtomic = row.Fact("mapType") == "atomic" || row.Fact("structType") == "atomic",
            PatchStrategies = Words(row.Fact("patchStrategy")),
            PatchMergeKey = row.Fact("patchMergeKey"),
            ProtobufNumber = row.Number,
        };
    }

    // The one struct of the table's release that Go's tag leaves out when it is zero ("omitzero").
    private static bool IsOmittedWhenZero(string owner, string field) => owner == "ObjectMeta" && field == "creationTimestamp";

    private static string[] Words(string? text) => text?.Split(',') ?? [];

    private TypeRef ReadType(string package, string protobufType, string goType)
    {
        if (protobufType.Length == 0)
        {
            return ReadGoType(package, goType);
        }

        const string repeated = "repeated ";
        const string map = "map<string, ";
        if (protobufType.StartsWith(repeated, StringComparison.Ordinal))
        {
            return Collection(ValueKind.List, package, goType, protobufType[repeated.Length..]);
        }

        return protobufType.StartsWith(map, StringComparison.Ordinal)
            ? Collection(ValueKind.Map, package, goType, protobufType[map.Length..^1])
            : ReadSingle(package, protobufType, goType);
    }

    private TypeRef Collection(ValueKind kind, string package, string goType, string elementType) => new(kind)
    {
        Element = ReadType(package, elementType, ElementOf(package, goType)),
        GoName = GoNames.Qualify(goType, package),
    };

    /// <summary>The Go type of a list's items or a map's values; a named list or map is looked up.</summary>
    private string ElementOf(string package, string goType)
    {
        if (goType.StartsWith("[]", StringComparison.Ordinal))
        {
            return goType[2..];
        }

        if (goType.StartsWith("map[", StringComparison.Ordinal))
        {
            return goType[(goType.IndexOf(']', StringComparison.Ordinal) + 1)..];
        }

        var dot = goType.LastIndexOf('.');
        var alias = AliasOf(dot < 0 ? package : "core/v1", goType[(dot + 1)..]);
        return alias is null ? "string" : ElementOf(package, alias);
    }

    private string? AliasOf(string package, string name) =>
        table.Rows(package, name).FirstOrDefault(row => row.Name == FieldRow.Alias)?.GoType;

    private TypeRef ReadSingle(string package, string protobufType, string goType)
    {
        var goName = GoNames.Qualify(goType, package);
        if (Scalars.TryGetValue(protobufType, out var scalar))
        {
            return scalar.GoName == goName || goName.Length == 0
                ? scalar
                : new TypeRef(scalar.Kind) { Bits = scalar.Bits, GoName = goName };
        }

        var (owner, name) = Split(package, protobufType);
        if (SpecialKinds.TryGetValue((owner, name), out var kind))
        {
            return kind >= ValueKind.SchemaOrArray
                ? new TypeRef(kind, graph.Reference(owner, name)) { GoName = goName }
                : new TypeRef(kind) { GoName = goName, IsVerbatim = name == "FieldsV1" };
        }

        return AliasOf(owner, name) is { } alias
            ? new TypeRef(ValueKind.List) { Element = Scalars["string"], GoName = goName, IsWrappedList = true }
            : new TypeRef(ValueKind.Object, graph.Reference(owner, name)) { GoName = goName };
    }

    // Types that have no protobuf form (Table and its parts, TypeMeta) name Go types only.
    private TypeRef ReadGoType(string package, string goType)
    {
        if (goType.StartsWith("[]", StringComparison.Ordinal))
        {
            return new TypeRef(ValueKind.List) { Element = ReadGoType(package, goType[2..]), GoName = GoNames.Qualify(goType, package) };
        }

        if (Scalars.ContainsKey(goType))
        {
            return ReadSingle(package, goType, goType);
        }

        var dot = goType.LastIndexOf('.');
        var (owner, name) = dot < 0 ? (package, goType) : (goType == "runtime.RawExtension" ? "runtime" : "meta/v1", goType[(dot + 1)..]);
        return table.Names.Contains((owner, name)) ? ReadSingle(package, $"{owner.Replace('/', '.')}.{name}", goType) : Scalars["string"];
    }

    // "core.v1.PodSpec" is of core/v1, "resource.Quantity" of resource, "PodSpec" of the same package.
    private static (string Package, string Name) Split(string package, string protobufType)
    {
        var dot = protobufType.LastIndexOf('.');
        return dot < 0 ? (package, protobufType) : (protobufType[..dot].Replace('.', '/'), protobufType[(dot + 1)..]);
    }
}
