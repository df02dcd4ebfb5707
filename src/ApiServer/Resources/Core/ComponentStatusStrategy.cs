using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>How the parts of the control plane are: asked when somebody reads it, and never stored.</summary>
internal sealed class ComponentStatusStrategy() : ResourceStrategy(ComponentStatus, "componentstatuses")
{
    public static GroupVersionKind ComponentStatus { get; } = new("", "v1", "ComponentStatus");

    public override ObjectType? Type { get; } = TypeGraph.BuiltIn.Find(ComponentStatus);

    public override bool NamespaceScoped => false;

    public override IReadOnlyList<string> ShortNames => ["cs"];

    public override bool IsStored => false;

    public override IReadOnlyList<string> Verbs { get; } = ["get", "list"];

    public override string? Deprecation => "v1 ComponentStatus is deprecated in v1.19+";

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Status", obj => Healthy(obj)?.StringAt("status") switch { "True" => "Healthy", "False" => "Unhealthy", _ => "Unknown" }) with { Description = "Status of the component conditions" },
        Cell.Text("Message", obj => Healthy(obj)?.StringAt("message") ?? "") with { Description = "Message of the component conditions" },
        Cell.Text("Error", obj => Healthy(obj)?.StringAt("error") ?? "") with { Description = "Error of the component conditions" },
    ];

    private static JsonObject? Healthy(JsonObject obj) => obj.ObjectsAt("conditions").FirstOrDefault(condition => condition.StringAt("type") == "Healthy");
}
