using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Registry;

/// <summary>
/// Everything that is special about one kind; the generic <c>Store</c> does the rest. Objects are held as JSON, so that nothing a model
/// does not know is lost: what changes an object works on the JSON, what only reads it may use a typed view. Override only what differs.
/// </summary>
public abstract class ResourceStrategy(GroupVersionKind kind, string plural)
{
    /// <summary>What nearly every resource can be asked for.</summary>
    protected static readonly IReadOnlyList<string> AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    private static readonly FieldSet StatusField = FieldSet.Of("status");
    private static readonly FieldSet SpecField = FieldSet.Of("spec");

    public GroupVersionKind Kind { get; } = kind;

    /// <summary>The name in paths, such as <c>replicasets</c>.</summary>
    public string Plural { get; } = plural;

    public virtual string Singular => Kind.Kind.ToLowerInvariant();

    /// <summary>The kind of its lists.</summary>
    public virtual string ListKind => $"{Kind.Kind}List";

    public virtual bool NamespaceScoped => true;

    public virtual IReadOnlyList<string> ShortNames => [];

    /// <summary>Groups of resources that kubectl names together, such as <c>all</c>.</summary>
    public virtual IReadOnlyList<string> Categories => [];

    /// <summary>What the resource can be asked for, as discovery shows it.</summary>
    public virtual IReadOnlyList<string> Verbs => AllVerbs;

    /// <summary>The fields of the kind; null for what has no known schema.</summary>
    public abstract ObjectType? Type { get; }

    /// <summary>Whether objects are kept. Reviews are not: they can only be created, and their answer is computed.</summary>
    public virtual bool IsStored => true;

    /// <summary>Whether status is a subresource of its own. By default: whether the type has a field of that name.</summary>
    public virtual bool HasStatus => Type?.Fields.ContainsKey("status") ?? false;

    /// <summary>Where the scale subresource reads and writes; null when there is none.</summary>
    public virtual ScalePaths? Scale => null;

    /// <summary>Whether a PUT to a name that does not exist creates it (upstream's AllowCreateOnUpdate).</summary>
    public virtual bool AllowCreateOnUpdate => false;

    /// <summary>Whether a PUT may leave out resourceVersion (upstream's AllowUnconditionalUpdate).</summary>
    public virtual bool AllowUnconditionalUpdate => true;

    /// <summary>Whether DELETE answers with the object rather than a Status even when it is gone at once (CLIENTS.md A19).</summary>
    public virtual bool ReturnsDeletedObject => false;

    /// <summary>Whether the store deletes an object by itself some time after its last write (<c>--event-ttl</c>).</summary>
    public virtual bool Expires => false;

    /// <summary>The columns of a Table after the first version of <see cref="TableColumn.Standard"/>.</summary>
    public virtual IReadOnlyList<TableColumn> Columns => TableColumn.Standard;

    /// <summary>What a Table says of an object's whole row (metav1.TableRowCondition); null for nearly all.</summary>
    public virtual JsonArray? RowConditions(JsonObject obj) => null;

    /// <summary>For kinds whose Tables are not in order of names: the number that comes first.</summary>
    public virtual Func<JsonObject, long>? RowPrecedence => null;

    /// <summary>The fields that a field selector may name besides metadata.name and metadata.namespace, and how to read them.</summary>
    public virtual IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        new Dictionary<string, Func<JsonObject, string>>();

    /// <summary>Every part of an object that <see cref="SelectableFields"/> read, as dotted paths: they are given no more of it.</summary>
    public virtual IEnumerable<string> SelectablePaths => SelectableFields.Keys;

    /// <summary>Whether a field selector may name it. Upstream's own lists for cluster-scoped kinds have no metadata.namespace; its list for all others has.</summary>
    public bool CanSelectBy(string field) => field switch
    {
        "metadata.name" => true,
        "metadata.namespace" => NamespaceScoped || SelectableFields.Count == 0,
        _ => SelectableFields.ContainsKey(field),
    };

    /// <summary>What is answered to a field selector that names another field.</summary>
    public virtual string UnsupportedField(string field) => SelectableFields.Count == 0
        ? $"{GoText.Quote(field)} is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        : $"field label not supported: {field}";

    /// <summary>The kind that objects are stored as: another one for the second version of a kind. Then <see cref="ToStored"/> and <see cref="FromStored"/> convert.</summary>
    public virtual GroupVersionKind StoredKind => Kind;

    /// <summary>Whether what is stored differs from what is served.</summary>
    public virtual bool ConvertsStored => StoredKind != Kind;

    /// <summary>The object as <see cref="StoredKind"/>; may change and return the given one.</summary>
    public virtual JsonObject ToStored(JsonObject obj) => obj;

    /// <summary>As <see cref="ToStored"/>, without the defaults that a conversion between versions does not make.</summary>
    public virtual JsonObject ToStoredUndefaulted(JsonObject obj) => ToStored(obj);

    /// <summary>The object of <see cref="StoredKind"/> as this kind; may change and return the given one.</summary>
    public virtual JsonObject FromStored(JsonObject stored) => stored;

    /// <summary>The strategy of the same objects in another version, such as <c>autoscaling/v1</c>; null for a version that there is not.</summary>
    public virtual ResourceStrategy? InVersion(string apiVersion) => apiVersion == Kind.ApiVersion ? this : null;

    /// <summary>
    /// The fields that a write through a subresource (empty: of the object itself) does not change, so that nobody comes to own them by it (upstream's GetResetFields). By default a
    /// status has its own subresource, and that changes nothing of the spec.
    /// </summary>
    public virtual FieldSet ResetFields(string subresource) => subresource switch
    {
        "" when HasStatus => StatusField,
        "status" => SpecField,
        _ => FieldSet.Empty,
    };

    /// <summary>Fills in what the client left out, as upstream's SetDefaults functions do. Called on every decoded object.</summary>
    public virtual void ApplyDefaults(JsonObject obj)
    {
    }

    /// <summary>Clears what a client may not set on create (status, mostly, which the store clears already when there is one).</summary>
    public virtual void PrepareForCreate(JsonObject obj)
    {
    }

    /// <summary>Keeps what an update may not change. The store has already kept the status of the old object.</summary>
    public virtual void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
    }

    /// <summary>Keeps what an update of the status may not change besides the spec, which the store has kept.</summary>
    public virtual void PrepareForStatusUpdate(JsonObject obj, JsonObject old)
    {
    }

    /// <summary>Whether objects carry a metadata.generation. By default: kinds with a status. Upstream leaves it out of a few of them.</summary>
    public virtual bool HasGeneration => HasStatus;

    /// <summary>Whether the change asks for a new metadata.generation. By default: whether spec differs, for kinds that have both spec and status.</summary>
    public virtual bool ChangesGeneration(JsonObject obj, JsonObject old) =>
        HasGeneration && !JsonNode.DeepEquals(obj["spec"], old["spec"]);

    /// <summary>Names every fault of an object to be created. Metadata has been checked by the store.</summary>
    public virtual IEnumerable<FieldError> Validate(JsonObject obj) => [];

    /// <summary>Names every fault of a change, immutable fields included. Metadata has been checked by the store.</summary>
    public virtual IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Validate(obj);

    /// <summary>Names every fault of a change to the status.</summary>
    public virtual IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => [];

    /// <summary>Brings a valid object into the one form that is stored (upstream's Canonicalize).</summary>
    public virtual void Canonicalize(JsonObject obj)
    {
    }

    /// <summary>Checks metadata.name; upstream's default is a DNS subdomain.</summary>
    public virtual IEnumerable<string> ValidateName(string name) => Api.Validation.Names.DnsSubdomain(name);

    /// <summary>What every client of a deprecated resource is told in a Warning header; null when it is not deprecated.</summary>
    public virtual string? Deprecation => null;

    /// <summary>What the client is told in Warning headers about the object that it sent.</summary>
    public virtual IEnumerable<string> Warnings(JsonObject obj) => [];

    /// <summary>The same of a change; by default nothing, when the change asks for nothing new.</summary>
    public virtual IEnumerable<string> WarningsOnUpdate(JsonObject obj, JsonObject old) =>
        HasGeneration && !ChangesGeneration(obj, old) ? [] : Warnings(obj);

    /// <summary>
    /// For kinds that are deleted gracefully (pods): the seconds that the object stays with a deletionTimestamp, given what the client asked
    /// for; null deletes at once.
    /// </summary>
    public virtual long? GracePeriodSeconds(JsonObject obj, long? requested) => null;

    /// <summary>Changes the object when its deletion begins, before its deletionTimestamp is stored (a namespace becomes Terminating).</summary>
    public virtual void PrepareForDelete(JsonObject obj)
    {
    }

    /// <summary>Whether its finalizers have prefixes, but for upstream's own: of built-in kinds only, because custom ones came before the rule.</summary>
    public virtual bool HasQualifiedFinalizers => false;

    /// <summary>Whether something must still happen before the object may go. Namespaces have finalizers in their spec, too.</summary>
    public virtual bool HasFinalizers(JsonObject obj) => obj["metadata"]?["finalizers"] is JsonArray { Count: > 0 };

    /// <summary>What happens to dependents when the client names no propagationPolicy: orphaned for a few old kinds (upstream's DefaultGarbageCollectionPolicy).</summary>
    public virtual bool OrphansDependentsByDefault => false;

    /// <summary>One of <see cref="SelectableFields"/> that many clients select by, so that the watch cache keeps an index: <c>spec.nodeName</c> of pods.</summary>
    public virtual string? IndexedField => null;
}
