using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Quantities;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Metrics;

/// <summary>What nodes and pods use: asked of the kubelets when somebody reads it, and never stored. Names and columns are metrics-server's.</summary>
internal abstract class UsageStrategy(string kind, string plural) : ResourceStrategy(new GroupVersionKind("metrics.k8s.io", "v1beta1", kind), plural)
{
    public override string Singular => "";

    public override ObjectType? Type => TypeGraph.BuiltIn.Find(Kind);

    public override bool IsStored => false;

    public override IReadOnlyList<string> Verbs { get; } = ["get", "list"];

    public override IReadOnlyList<TableColumn> Columns =>
    [
        TableColumn.NameColumn with { Description = "Name of the resource" },
        Cell.Text("cpu", obj => Sum(obj, "cpu")) with { Format = "quantity" },
        Cell.Text("memory", obj => Sum(obj, "memory")) with { Format = "quantity" },
        Cell.Text("Window", obj => obj.StringAt("window") ?? "") with { Format = "duration" },
    ];

    /// <summary>The maps of resources whose amounts make up the object's.</summary>
    protected abstract IEnumerable<JsonObject?> UsagesOf(JsonObject obj);

    private string Sum(JsonObject obj, string resource) =>
        UsagesOf(obj).Aggregate(Quantity.Zero, (sum, usage) => sum + Quantity.Parse(usage.StringAt(resource) ?? "0")).ToString();
}
