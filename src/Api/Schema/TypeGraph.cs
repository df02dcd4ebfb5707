using System.Collections.Concurrent;

using MiniKube.Api.Meta;

namespace MiniKube.Api.Schema;

/// <summary>
/// All built-in types, made of the table of fields. The table is indexed when the graph is first asked; a type is read from it when it is first
/// used. Safe for many threads.
/// </summary>
public sealed class TypeGraph
{
    private const string MetaPackage = "meta/v1";

    // Kinds that upstream registers in every group version.
    private static readonly HashSet<string> KindsOfEveryGroup =
    [
        "WatchEvent", "ListOptions", "GetOptions", "DeleteOptions", "CreateOptions", "UpdateOptions", "PatchOptions", "Status", "APIGroup",
        "APIGroupList", "APIResourceList", "APIVersions", "Table", "TableOptions", "PartialObjectMetadata", "PartialObjectMetadataList",
    ];

    // Go types that are defined as another struct: the table knows only their protobuf form.
    private static readonly Dictionary<(string Package, string Name), (string Package, string Name)> DefinedAs = new()
    {
        [("core/v1", "List")] = (MetaPackage, "List"),
        [("admissionregistration/v1alpha1", "MatchCondition")] = ("admissionregistration/v1", "MatchCondition"),
    };

    private readonly ConcurrentDictionary<(string Package, string Name), ObjectType?> _types = new();
    private readonly TypeReader _reader;

    private TypeGraph() => _reader = new TypeReader(FieldTable.Embedded, this);

    public static TypeGraph BuiltIn { get; } = new();

    /// <summary>All kinds in the table, those of no group (meta/v1, runtime) left out.</summary>
    public IEnumerable<ObjectType> Kinds =>
        from name in _reader.Names
        where name.Package != MetaPackage && name.Package.Contains('/', StringComparison.Ordinal)
        let type = Find(name.Package, name.Name)
        where type is { IsKind: true }
        select type;

    /// <summary>The type of a kind's objects; null for a kind that is not built in.</summary>
    public ObjectType? Find(GroupVersionKind kind)
    {
        if (Find(ApiPackages.PackageOf(kind.Group, kind.Version), kind.Kind) is { IsKind: true } type)
        {
            return type;
        }

        return KindsOfEveryGroup.Contains(kind.Kind) ? Find(MetaPackage, kind.Kind) : null;
    }

    /// <summary>A type by Go's package and name, such as <c>core/v1</c> and <c>PodSpec</c>.</summary>
    public ObjectType? Find(string package, string name)
    {
        var key = DefinedAs.GetValueOrDefault((package, name), (package, name));
        return _types.TryGetValue(key, out var type) ? type : _types.GetOrAdd(key, _reader.Read(key.Item1, key.Item2));
    }

    /// <summary>A type that a field refers to. A struct without fields has no rows in the table (CustomResourceSubresourceStatus).</summary>
    internal Lazy<ObjectType> Reference(string package, string name) => new(() => Find(package, name) ?? new ObjectType(package, name, []));
}
