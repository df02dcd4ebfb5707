using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class ControllerRevisionStrategy : ResourceStrategy<V1ControllerRevision>
{
    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Controller", Controller, description: "Controller of the object"),
        Cell.Number("Revision", "revision", "string"),
        TableColumn.Age,
    ];

    // An update may move a revision to the front, not change what it holds.
    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, Revision);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, Revision, root => root["data"].Unchanged(old["data"]));

    private static void Revision(Field root)
    {
        if (!root["data"].IsSet)
        {
            root["data"].Required("data is mandatory");
        }

        root["revision"].NotNegative();
    }

    private static string Controller(JsonObject obj)
    {
        if (obj.ObjectsAt("metadata", "ownerReferences").FirstOrDefault(owner => owner.BooleanAt("controller") == true) is not { } owner)
        {
            return Cell.None;
        }

        var kind = (owner.StringAt("kind") ?? "").ToLowerInvariant();
        var group = GroupVersionKind.Parse(owner.StringAt("apiVersion"), kind).Group;
        return $"{kind}{(group.Length == 0 ? "" : "." + group)}/{owner.StringAt("name")}";
    }
}
