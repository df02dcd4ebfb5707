using System.Text;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class SecretStrategy : ResourceStrategy<V1Secret>
{
    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Type", "type"),
        Cell.Count("Data", "data", "string"),
        TableColumn.Age,
    ];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields("type");

    // stringData is for writing only: what it holds goes into data, base64-encoded, and wins there.
    public override void ApplyDefaults(JsonObject obj)
    {
        obj.SetDefault("type", "Opaque");
        foreach (var (key, text) in obj.ObjectAt("stringData") ?? [])
        {
            obj.GetOrAddObject("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(FieldPath.Text(text)));
        }

        obj.Remove("stringData");
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj)
    {
        var data = obj.ObjectAt("data");
        var errors = DataChecks.Keys("data", data).Concat(SecretTypeChecks.Validate(obj, data ?? []));
        return DataChecks.SizeOf(null, data) > DataChecks.MaximumBytes ? errors.Append(FieldError.TooLong("data", DataChecks.MaximumBytes)) : errors;
    }

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Checks.Unchanged("type", obj["type"], old["type"])
        .Concat(DataChecks.Immutable(obj, old, "data"))
        .Concat(Validate(obj));
}
