using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.EventsApi;

/// <summary>The newer form of events. It is stored as the older one: both show the same objects.</summary>
internal sealed class EventStrategy : ResourceStrategy<Eventsv1Event>
{
    public override IReadOnlyList<string> ShortNames => ["ev"];

    public override bool AllowCreateOnUpdate => true;

    private static readonly (string Here, string Core)[] Renamed =
    [
        ("note", "message"), ("regarding", "involvedObject"), ("reportingController", "reportingComponent"), ("deprecatedSource", "source"),
        ("deprecatedFirstTimestamp", "firstTimestamp"), ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"),
    ];

    private static readonly Core.EventStrategy Stored = new();

    public override bool Expires => true;

    public override GroupVersionKind StoredKind => Stored.Kind;

    public override ResourceStrategy? InVersion(string apiVersion) => apiVersion == Stored.Kind.ApiVersion ? Stored : base.InVersion(apiVersion);

    public override IReadOnlyList<TableColumn> Columns { get; } =
        [.. Stored.Columns.Select(column => column with { Value = (obj, now) => column.Value(Convert(obj, toCore: true), now) })];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } = Selectable.Fields(
        "regarding.kind",
        "regarding.namespace",
        "regarding.name",
        "regarding.uid",
        "regarding.apiVersion",
        "regarding.resourceVersion",
        "regarding.fieldPath",
        "reason",
        "reportingController",
        "type");

    // Upstream validates the form in which it holds both versions, which has the older names.
    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        Field.FaultsOf(Convert(obj, toCore: true), e => EventChecks.Legacy(e, "reportingController"), EventChecks.New);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old)
    {
        var before = Convert(old, toCore: true);
        return Field.FaultsOf(Convert(obj, toCore: true), e => EventChecks.Legacy(e, "reportingController"), e => EventChecks.Changed(e, before));
    }

    public override JsonObject ToStored(JsonObject obj) => Convert(obj, toCore: true);

    public override JsonObject FromStored(JsonObject stored) => Convert(stored, toCore: false);

    private static JsonObject Convert(JsonObject obj, bool toCore)
    {
        var names = Renamed.ToDictionary(name => toCore ? name.Here : name.Core, name => toCore ? name.Core : name.Here);
        var converted = new JsonObject(
            obj.Select(field => KeyValuePair.Create(names.GetValueOrDefault(field.Key, field.Key), field.Value?.DeepClone())));
        converted["apiVersion"] = toCore ? "v1" : "events.k8s.io/v1";
        return converted;
    }
}
