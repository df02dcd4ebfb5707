using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Certificates;

internal sealed class ClusterTrustBundleStrategy : ResourceStrategy<V1ClusterTrustBundle>
{
    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("SignerName", "spec.signerName"),
    ];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields("spec.signerName");
}
