using System.Text.Json.Nodes;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// What an owner owns. Most writes concern few owners: what is stored is read only when it must be, and written again as it was.
/// </summary>
internal sealed class OwnedFields
{
    private readonly JsonObject? _stored;
    private FieldSet? _fields;

    /// <param name="apiVersion">The version that the fields are of.</param>
    /// <param name="fields">The fields; not empty in an object's managedFields.</param>
    /// <param name="time">When the set last changed, as RFC 3339 with whole seconds; null where that is not known.</param>
    public OwnedFields(string apiVersion, FieldSet fields, string? time = null)
    {
        ApiVersion = apiVersion;
        Time = time;
        _fields = fields;
    }

    /// <param name="apiVersion">The version that the fields are of.</param>
    /// <param name="stored">The fields as this server has written them.</param>
    /// <param name="time">When the set last changed.</param>
    public OwnedFields(string apiVersion, JsonObject stored, string? time)
    {
        ApiVersion = apiVersion;
        Time = time;
        _stored = stored;
    }

    public string ApiVersion { get; }

    public string? Time { get; }

    public FieldSet Fields => _fields ??= FieldSetCodec.FromJson(_stored);

    public bool IsEmpty => _stored is null && Fields.IsEmpty;

    /// <summary>The form on the wire; a node of its own.</summary>
    public JsonNode ToJson() => _stored?.DeepClone() ?? FieldSetCodec.ToJson(Fields);

    public FieldSet Intersection(FieldSet other) => Overlaps(other) ? Fields.Intersection(other) : FieldSet.Empty;

    public OwnedFields Without(FieldSet gone) => Overlaps(gone) ? new OwnedFields(ApiVersion, Fields.Difference(gone), Time) : this;

    private bool Overlaps(FieldSet other) =>
        !other.IsEmpty && (_stored is null || _fields is not null || FieldSetCodec.Overlaps(_stored, other));
}
