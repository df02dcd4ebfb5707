using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Schema.Structural;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>One version of a custom resource: what its definition says, in the form that every kind has.</summary>
internal sealed class CustomResourceStrategy : ResourceStrategy
{
    private static readonly string[] CustomVerbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
    private static readonly string[] TerminatingVerbs = ["delete", "deletecollection", "get", "list", "watch"];

    private readonly DefinitionVersion _version;
    private readonly DefinitionSchemas _schemas;
    private readonly Lazy<StructuralSchema> _schema;
    private readonly Lazy<ObjectType> _type;
    private readonly Lazy<IReadOnlyList<TableColumn>> _columns;

    public CustomResourceStrategy(Definition definition, DefinitionVersion version, DefinitionSchemas schemas)
        : base(new GroupVersionKind(definition.Group, version.Name, definition.Names.Kind), definition.Names.Plural)
    {
        Definition = definition;
        _version = version;
        _schemas = schemas;
        _schema = new Lazy<StructuralSchema>(() =>
            schemas.Find(version.Name) ?? throw new InvalidOperationException($"{definition.Name} has no schema of version {version.Name}."));
        _type = new Lazy<ObjectType>(() => StructuralTypes.Of(Kind, _schema.Value));
        _columns = new Lazy<IReadOnlyList<TableColumn>>(() =>
            [TableColumn.NameColumn, .. version.Columns.Count == 0 ? [PrinterColumn.Age] : version.Columns.Select(column => column.ToTableColumn())]);
        SelectableFields = version.SelectableFields.ToDictionary(field => field, field => (Func<JsonObject, string>)new FieldPath(field).ReadText);
        StoredKind = Kind with { Version = definition.StorageVersion };
    }

    public Definition Definition { get; }

    public override string Singular => Definition.Names.Singular;

    public override string ListKind => Definition.Names.ListKind;

    public override bool NamespaceScoped => Definition.NamespaceScoped;

    public override IReadOnlyList<string> ShortNames => Definition.Names.ShortNames;

    public override IReadOnlyList<string> Categories => Definition.Names.Categories;

    public override IReadOnlyList<string> Verbs => Definition.IsTerminating ? TerminatingVerbs : CustomVerbs;

    public override ObjectType? Type => _type.Value;

    public override bool HasStatus => _version.HasStatus;

    public override ScalePaths? Scale => _version.Scale;

    public override bool AllowUnconditionalUpdate => false;

    // Also one that is not served (any more): who owns fields in it still owns them.
    public override ResourceStrategy? InVersion(string apiVersion) =>
        apiVersion == Kind.ApiVersion ? this
        : Definition.Versions.FirstOrDefault(version => $"{Definition.Group}/{version.Name}" == apiVersion) is { } found
            ? new CustomResourceStrategy(Definition, found, _schemas)
            : null;

    public override IReadOnlyList<TableColumn> Columns => _columns.Value;

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; }

    public override GroupVersionKind StoredKind { get; }

    // Also objects of the same version: the schema may have changed since they were stored.
    public override bool ConvertsStored => true;

    public override bool HasGeneration => true;

    public override string? Deprecation => _version.Deprecation switch
    {
        null => null,
        "" => $"{Kind.ApiVersion} {Kind.Kind} is deprecated",
        var text => text,
    };

    /// <summary>The schema as it was written, for documents.</summary>
    public JsonObject SchemaText => _schemas.Text(Kind.Version) ?? [];

    public override string UnsupportedField(string field) => $"field label not supported: {field}";

    public override JsonObject ToStored(JsonObject obj)
    {
        obj["apiVersion"] = StoredKind.ApiVersion;
        return obj;
    }

    /// <summary>Prunes and defaults by the version in which the object was stored, then names it of this one: no field is moved.</summary>
    public override JsonObject FromStored(JsonObject stored)
    {
        var version = GroupVersionKind.Parse(stored.StringAt("apiVersion"), "").Version;
        var schema = _schemas.Find(version) ?? _schema.Value;
        try
        {
            Pruner.Prune(stored, schema);
            StructuralDefaults.Apply(stored, schema);
            if (version != Kind.Version)
            {
                stored["apiVersion"] = Kind.ApiVersion;
                Pruner.Prune(stored, _schema.Value);
            }
        }
        catch (DecodeException error)
        {
            throw new JsonException(error.Message, error);
        }

        if (stored["metadata"] is JsonObject metadata && metadata.IntegerAt("generation") is null or 0)
        {
            metadata["generation"] = 1;
        }

        return stored;
    }

    public override void ApplyDefaults(JsonObject obj) => StructuralDefaults.Apply(obj, _schema.Value);

    public override void PrepareForCreate(JsonObject obj)
    {
        if (Definition.IsTerminating)
        {
            var refusal = StatusException.MethodNotAllowed(new GroupVersionResource(Kind.Group, Kind.Version, Plural), "create");
            refusal.Status.Message = "create not allowed while custom resource definition is terminating";
            throw refusal;
        }
    }

    // Of metadata an update of the status changes nothing: upstream takes only the status of what is sent.
    public override void PrepareForStatusUpdate(JsonObject obj, JsonObject old)
    {
        var managed = obj.At("metadata", "managedFields")?.DeepClone();
        var metadata = (JsonObject)ObjectMetadata.Of(old).DeepClone();
        metadata.Remove("managedFields");
        if (managed is not null)
        {
            metadata["managedFields"] = managed;
        }

        obj["metadata"] = metadata;
    }

    public override bool ChangesGeneration(JsonObject obj, JsonObject old) =>
        obj.Select(field => field.Key).Union(old.Select(field => field.Key)).Any(name => name != "metadata" && !JsonNode.DeepEquals(obj[name], old[name]));

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Check(obj, null);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Check(obj, old);

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => Check(obj, old);

    private IEnumerable<FieldError> Check(JsonObject obj, JsonObject? old)
    {
        var schema = _schema.Value;
        var errors = SchemaValidator.Validate(obj, old, schema).Concat(EmbeddedResources.Validate(obj, schema));

        // Lists that had duplicates already may keep them.
        return old is not null && ListKeys.Validate(old, schema, "").Any() ? errors : errors.Concat(ListKeys.Validate(obj, schema, ""));
    }
}
