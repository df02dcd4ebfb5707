using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.StorageApi;

internal sealed class VolumeAttachmentStrategy : ResourceStrategy<V1VolumeAttachment>
{
    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Attacher", "spec.attacher") with { Format = "name" },
        Cell.Text("PV", "spec.source.persistentVolumeName"),
        Cell.Text("Node", "spec.nodeName"),
        Cell.Boolean("Attached", "status.attached"),
        TableColumn.Age,
    ];
}
