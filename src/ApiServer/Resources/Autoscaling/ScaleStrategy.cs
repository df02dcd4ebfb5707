using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Autoscaling;

/// <summary>The number of replicas of something else. It has no path of its own, but a Table of it, as <c>kubectl get --subresource=scale</c> shows.</summary>
internal sealed class ScaleStrategy() : ResourceStrategy(ScaleKind, "scales")
{
    private static readonly GroupVersionKind ScaleKind = new("autoscaling", "v1", "Scale");

    public override ObjectType? Type { get; } = TypeGraph.BuiltIn.Find(ScaleKind);

    public override bool IsStored => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Number("Desired", "spec.replicas"),
        Cell.Number("Available", "status.replicas"),
        TableColumn.Age,
    ];
}
