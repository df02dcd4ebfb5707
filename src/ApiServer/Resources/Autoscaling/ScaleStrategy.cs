using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Autoscaling;

/// <summary>
/// The number of replicas of something else. It has a Table of it, as <c>kubectl get --subresource=scale</c> shows, and no path of its own: it does not stand alone, but is made by whoever serves it.
/// </summary>
internal sealed class ScaleStrategy(ObjectType? type) : ResourceStrategy(ScaleKind, "scales")
{
    public static readonly GroupVersionKind ScaleKind = new("autoscaling", "v1", "Scale");

    public override ObjectType? Type => type;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Number("Desired", "spec.replicas"),
        Cell.Number("Available", "status.replicas"),
        TableColumn.Age,
    ];
}
