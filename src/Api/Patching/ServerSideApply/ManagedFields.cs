using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Who owns which fields of an object: its metadata.managedFields. Changed while a write is made.</summary>
internal sealed class ManagedFields
{
    public const string Field = "managedFields";
    private const string FieldsType = "FieldsV1";

    private readonly SortedDictionary<FieldOwner, OwnedFields> _owners;

    public ManagedFields(IEnumerable<KeyValuePair<FieldOwner, OwnedFields>>? owners = null)
    {
        _owners = [];
        foreach (var (owner, owned) in owners ?? [])
        {
            _owners[owner] = owned;
        }
    }

    public IReadOnlyDictionary<FieldOwner, OwnedFields> Owners => _owners;

    /// <summary>What an owner owns; setting nothing, or nothing that has fields, removes the owner.</summary>
    public OwnedFields? this[FieldOwner owner]
    {
        get => _owners.GetValueOrDefault(owner);
        set
        {
            if (value is null or { IsEmpty: true })
            {
                _owners.Remove(owner);
            }
            else
            {
                _owners[owner] = value;
            }
        }
    }

    /// <summary>Reads a list of entries. Throws <see cref="FormatException"/> with upstream's reason.</summary>
    /// <param name="entries">The list; null for none.</param>
    /// <param name="isStored">Whether this server has written it: then its sets are read only when they are needed.</param>
    public static ManagedFields Read(JsonNode? entries, bool isStored = false)
    {
        var managed = new ManagedFields();
        foreach (var (index, entry) in (entries as JsonArray ?? []).Index())
        {
            managed.ReadEntry(entry, index, isStored);
        }

        return managed;
    }

    /// <summary>Null when nobody owns anything.</summary>
    public JsonArray? ToJson()
    {
        if (_owners.Count == 0)
        {
            return null;
        }

        // Appliers first, then by time; RFC 3339 in UTC sorts as text.
        var sorted = _owners.ToList();
        sorted.Sort((left, right) => FieldOwner.FirstDifference(
            string.CompareOrdinal(left.Key.Operation, right.Key.Operation),
            string.CompareOrdinal(left.Value.Time ?? "", right.Value.Time ?? ""),
            string.CompareOrdinal(left.Key.Manager, right.Key.Manager),
            string.CompareOrdinal(left.Value.ApiVersion, right.Value.ApiVersion),
            string.CompareOrdinal(left.Key.Subresource, right.Key.Subresource)));
        return new JsonArray([.. sorted.Select(entry => ToJson(entry.Key, entry.Value))]);
    }

    private void ReadEntry(JsonNode? entry, int index, bool isStored)
    {
        var operation = entry.StringAt("operation");
        if (operation is not (FieldOwner.Apply or FieldOwner.Update))
        {
            throw new FormatException("operation must be `Apply` or `Update`");
        }

        if (entry.StringAt("apiVersion") is not { Length: > 0 } apiVersion)
        {
            throw new FormatException("apiVersion must not be empty");
        }

        switch (entry.StringAt("fieldsType") ?? "")
        {
            case FieldsType:
                break;
            case "":
                throw new FormatException($"missing fieldsType in managed fields entry {index}");
            case var other:
                throw new FormatException($"invalid fieldsType \"{other}\" in managed fields entry {index}");
        }

        var isApplier = operation == FieldOwner.Apply;
        var owner = new FieldOwner(
            entry.StringAt("manager") ?? "", isApplier, isApplier ? "" : apiVersion, entry.StringAt("subresource") ?? "");
        var time = entry.StringAt("time");
        this[owner] = isStored && entry.At("fieldsV1") is JsonObject stored
            ? new OwnedFields(apiVersion, stored, time)
            : new OwnedFields(apiVersion, FieldSetCodec.FromJson(entry.At("fieldsV1") ?? new JsonObject()), time);
    }

    private static JsonObject ToJson(FieldOwner owner, OwnedFields owned)
    {
        var entry = new JsonObject { ["manager"] = owner.Manager, ["operation"] = owner.Operation, ["apiVersion"] = owned.ApiVersion };
        if (owned.Time is { } time)
        {
            entry["time"] = time;
        }

        entry["fieldsType"] = FieldsType;
        entry["fieldsV1"] = owned.ToJson();
        if (owner.Subresource.Length > 0)
        {
            entry["subresource"] = owner.Subresource;
        }

        return entry;
    }
}
