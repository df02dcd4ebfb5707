using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class StatefulSetStrategy : ResourceStrategy<V1StatefulSet>
{
    public override IReadOnlyList<string> ShortNames => ["sts"];

    public override IReadOnlyList<string> Categories => ["all"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Ready", obj => $"{obj.IntegerAt("status", "readyReplicas") ?? 0}/{obj.IntegerAt("spec", "replicas") ?? 0}"),
        TableColumn.Age,
        .. Cell.OfTemplate(),
    ];

    public override ScalePaths Scale { get; } = new("spec.replicas", "status.replicas", "spec.selector");

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.SetDefault("replicas", 1);
        spec.SetDefault("revisionHistoryLimit", 10);
        spec.SetDefault("podManagementPolicy", "OrderedReady");
        var strategy = spec.GetOrAddObject("updateStrategy");
        if (string.IsNullOrEmpty(strategy.StringAt("type")))
        {
            strategy["type"] = "RollingUpdate";
        }

        if (strategy.StringAt("type") == "RollingUpdate")
        {
            strategy.GetOrAddObject("rollingUpdate").SetDefault("partition", 0);
        }

        var retention = spec.GetOrAddObject("persistentVolumeClaimRetentionPolicy");
        retention.SetDefault("whenDeleted", "Retain");
        retention.SetDefault("whenScaled", "Retain");
        PodSpecDefaults.ApplyToTemplate(spec.ObjectAt("template"));
        foreach (var claim in spec.ObjectsAt("volumeClaimTemplates"))
        {
            // Upstream gives these a kind and a status, too.
            claim.SetDefault("kind", "PersistentVolumeClaim");
            claim.SetDefault("apiVersion", "v1");
            PersistentVolumeClaimStrategy.ApplyDefaultsTo(claim);
        }
    }
}
