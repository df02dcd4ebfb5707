using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class ConfigMapStrategy : ResourceStrategy<V1ConfigMap>
{
    public override IReadOnlyList<string> ShortNames => ["cm"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Number("Data", obj => Cell.CountOf(obj["data"]) + Cell.CountOf(obj["binaryData"]), "string") with { DescribedBy = "data" },
        TableColumn.Age,
    ];

    public override IEnumerable<FieldError> Validate(JsonObject obj)
    {
        var (texts, bytes) = (obj.ObjectAt("data"), obj.ObjectAt("binaryData"));
        var errors = DataChecks.Keys("data", texts)
            .Concat((texts ?? []).Where(entry => bytes?.ContainsKey(entry.Key) == true)
                .Select(entry => FieldError.Invalid($"data[{entry.Key}]", entry.Key, "duplicate of key present in binaryData")))
            .Concat(DataChecks.Keys("binaryData", bytes));
        return DataChecks.SizeOf(texts, bytes) > DataChecks.MaximumBytes ? errors.Append(FieldError.TooLong("", DataChecks.MaximumBytes)) : errors;
    }

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        DataChecks.Immutable(obj, old, "data", "binaryData").Concat(Validate(obj));
}
