using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class EventStrategy : ResourceStrategy<Corev1Event>
{
    public override IReadOnlyList<string> ShortNames => ["ev"];

    public override bool AllowCreateOnUpdate => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        Cell.Timed("Last Seen", EventColumns.LastSeen) with { DescribedBy = "lastTimestamp" },
        Cell.Text("Type", "type"),
        Cell.Text("Reason", "reason"),
        Cell.Text("Object", EventColumns.Object) with { DescribedBy = "involvedObject" },
        Cell.Text("Subobject", "involvedObject.fieldPath", 1),
        Cell.Text("Source", EventColumns.Source, 1) with { DescribedBy = "source" },
        Cell.Text("Message", obj => (obj.StringAt("message") ?? "").Trim()) with { DescribedBy = "message" },
        Cell.Timed("First Seen", EventColumns.FirstSeen, 1) with { DescribedBy = "firstTimestamp" },
        Cell.Number("Count", EventColumns.Count, "string", 1) with { DescribedBy = "count" },
        TableColumn.NameColumn with { Priority = 1 },
    ];

    public override bool Expires => true;

    // Made when it is first asked for: that strategy makes one of this.
    public override ResourceStrategy? InVersion(string apiVersion) =>
        apiVersion == "events.k8s.io/v1" ? new EventsApi.EventStrategy() : base.InVersion(apiVersion);

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } = Selectable.Fields(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "type")
        .And("source", obj => obj.StringAt("source", "component") is { Length: > 0 } source ? source : obj.StringAt("reportingComponent") ?? "");

    // Whatever can stand in a path: old clients make names of what they like.
    public override IEnumerable<string> ValidateName(string name) => Names.PathSegment(name);

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, e => EventChecks.Legacy(e, "reportingComponent"));
}
