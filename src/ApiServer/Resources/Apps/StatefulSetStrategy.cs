using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class StatefulSetStrategy : ResourceStrategy<V1StatefulSet>
{
    private const string OnlyThese =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
        + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private static readonly string[] Changeable =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    public override IReadOnlyList<string> ShortNames => ["sts"];

    public override IReadOnlyList<string> Categories => ["all"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Ready", obj => $"{obj.IntegerAt("status", "readyReplicas") ?? 0}/{obj.IntegerAt("spec", "replicas") ?? 0}", description: "Number of the pod with ready state"),
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

    public override IEnumerable<FieldError> Validate(JsonObject obj) => WorkloadChecks.Validate(obj.ObjectAt("spec") ?? [], "StatefulSet", "statefulset")
        .Concat(Checks.OneOf("spec.podManagementPolicy", obj.StringAt("spec", "podManagementPolicy"), "OrderedReady", "Parallel"))
        .Concat(Checks.OneOf("spec.updateStrategy.type", obj.StringAt("spec", "updateStrategy", "type"), "OnDelete", "RollingUpdate"));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Validate(obj)
        .Concat(JsonNode.DeepEquals(Fixed(obj), Fixed(old)) ? [] : [FieldError.Forbidden("spec", OnlyThese)]);

    private static JsonObject Fixed(JsonObject obj)
    {
        var spec = (JsonObject)(obj.ObjectAt("spec")?.DeepClone() ?? new JsonObject());
        foreach (var name in Changeable)
        {
            spec.Remove(name);
        }

        return spec;
    }
}
