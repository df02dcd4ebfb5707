using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

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

    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        Checked(obj).Concat(Field.FaultsOf(obj, attachment => StorageChecks.DriverName(attachment["spec"]["attacher"]), Name));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Checked(obj).Concat(Field.FaultsOf(obj, attachment => attachment["spec"].Unchanged(old["spec"])));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => Checked(obj);

    private static List<FieldError> Checked(JsonObject obj) => Field.FaultsOf(
        obj, attachment => StorageChecks.Attachment(attachment["spec"]), attachment => StorageChecks.AttachmentStatus(attachment["status"]));

    private static void Name(Field attachment) => attachment["spec"]["source"]["persistentVolumeName"].OptionalName(Names.DnsSubdomain);
}
