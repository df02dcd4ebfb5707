using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class ResourceQuotaStrategy : ResourceStrategy<V1ResourceQuota>
{
    public override IReadOnlyList<string> ShortNames => ["quota"];

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text(
            "Request",
            obj => Shown(obj, isLimit: false),
            description: "Request represents a minimum amount of cpu/memory that a container may consume."),
        Cell.Text(
            "Limit",
            obj => Shown(obj, isLimit: true),
            description: "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node."),
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        AmountDefaults.RoundUp(obj.ObjectAt("spec", "hard"));
        AmountDefaults.RoundUp(obj.ObjectAt("status", "hard"));
        AmountDefaults.RoundUp(obj.ObjectAt("status", "used"));
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, root => QuotaChecks.Spec(root["spec"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(obj, root =>
    {
        QuotaChecks.Spec(root["spec"]);
        QuotaChecks.ScopesUnchanged(root["spec"]["scopes"], old.At("spec", "scopes"));
    });

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(obj, root => QuotaChecks.Status(root["status"]));

    private static string Shown(JsonObject obj, bool isLimit) => string.Join(", ",
        from hard in (obj.ObjectAt("status", "hard") ?? []).OrderBy(entry => entry.Key, StringComparer.Ordinal)
        where hard.Key.StartsWith("limits.", StringComparison.Ordinal) == isLimit
        select $"{hard.Key}: {(FieldPath.Text(obj.At("status", "used", hard.Key)) is { Length: > 0 } used ? used : "0")}/{FieldPath.Text(hard.Value)}");
}
