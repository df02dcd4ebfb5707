using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class StatefulSetStrategy : WorkloadStrategy<V1StatefulSet>
{
    private const string OnlyThese =
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
        + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

    private static readonly string[] Changeable =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    public override IReadOnlyList<string> ShortNames => ["sts"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Ready", obj => $"{obj.IntegerAt("status", "readyReplicas") ?? 0}/{obj.IntegerAt("spec", "replicas") ?? 0}", description: "Number of the pod with ready state"),
        TableColumn.Age,
        .. Cell.OfTemplate(),
    ];

    public override ScalePaths Scale { get; } = new("spec.replicas", "status.replicas", "spec.selector");

    // Its pods are named after it, and hosts after them.
    public override IEnumerable<string> ValidateName(string name) => Names.DnsLabel(name);

    public override IEnumerable<string> Warnings(JsonObject obj) => base.Warnings(obj).Concat(OwnWarnings(obj, ""));

    // Upstream spells the path of a claim's spec otherwise where it changes.
    public override IEnumerable<string> WarningsOnUpdate(JsonObject obj, JsonObject old) => base.WarningsOnUpdate(obj, old).Concat(OwnWarnings(obj, ".Spec"));

    protected override void ApplyDefaultsTo(JsonObject spec)
    {
        spec.SetDefault("replicas", 1);
        spec.SetDefault("revisionHistoryLimit", 10);
        spec.SetDefault("podManagementPolicy", "OrderedReady");
        var strategy = spec.GetOrAddObject("updateStrategy");
        if (strategy["type"] is null)
        {
            strategy["type"] = "RollingUpdate";
            strategy.GetOrAddObject("rollingUpdate").SetDefault("partition", 0);
        }

        if (strategy.StringAt("type") == "RollingUpdate")
        {
            strategy.ObjectAt("rollingUpdate")?.SetDefault("partition", 0);
        }

        var retention = spec.GetOrAddObject("persistentVolumeClaimRetentionPolicy");
        retention.SetDefault("whenDeleted", "Retain");
        retention.SetDefault("whenScaled", "Retain");
        foreach (var claim in spec.ObjectsAt("volumeClaimTemplates"))
        {
            // Upstream gives these a kind and a status, too.
            claim.SetDefault("kind", "PersistentVolumeClaim");
            claim.SetDefault("apiVersion", "v1");
            PersistentVolumeClaimStrategy.ApplyDefaultsTo(claim);
        }
    }

    // Upstream never looks into the spec of the template, whose mounts may be of claims that are made later: its pods are refused instead.
    protected override void Spec(Field spec)
    {
        if (spec["podManagementPolicy"].NotEmpty() && spec["podManagementPolicy"].Text is not ("OrderedReady" or "Parallel"))
        {
            spec["podManagementPolicy"].Invalid("must be 'OrderedReady' or 'Parallel'");
        }

        RollingUpdateChecks.OfStatefulSet(spec["updateStrategy"]);
        spec["persistentVolumeClaimRetentionPolicy"]["whenDeleted"].Known("Retain", "Delete");
        spec["persistentVolumeClaimRetentionPolicy"]["whenScaled"].Known("Retain", "Delete");
        spec.NotNegative("replicas", "minReadySeconds");
        spec["ordinals"]["start"].NotNegative();
        spec["serviceName"].OptionalName(Names.DnsLabel);
        WorkloadChecks.Selector(spec, "statefulset", onFault: null);
        PodChecks.TemplateMetadata(spec["template"]);
        WorkloadChecks.RunsForEver(spec["template"], "StatefulSet");
    }

    protected override void Change(Field spec, JsonObject old)
    {
        if (!JsonNode.DeepEquals(Fixed(spec.Value), Fixed(old)))
        {
            spec.Forbidden(OnlyThese);
        }
    }

    protected override void Status(Field status, JsonObject old)
    {
        status.NotNegative("replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas", "observedGeneration");
        ReplicaStatusChecks.Parts(status, "status.readyReplicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas");
        ReplicaStatusChecks.CollisionCount(status, old);
    }

    private static JsonObject Fixed(JsonNode? spec)
    {
        var copy = (JsonObject)(spec?.DeepClone() ?? new JsonObject());
        foreach (var name in Changeable)
        {
            copy.Remove(name);
        }

        return copy;
    }

    private static IEnumerable<string> OwnWarnings(JsonObject obj, string ofClaim)
    {
        foreach (var (index, claim) in obj.ObjectsAt("spec", "volumeClaimTemplates").Index())
        {
            foreach (var warning in StorageWarnings.OfClaimSpec($"spec.volumeClaimTemplates[{index}]{ofClaim}", claim.ObjectAt("spec")))
            {
                yield return warning;
            }
        }

        if (obj.IntegerAt("spec", "revisionHistoryLimit") < 0)
        {
            yield return "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended";
        }
    }
}
