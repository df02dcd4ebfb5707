using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class DeploymentStrategy : WorkloadStrategy<V1Deployment>
{
    public override IReadOnlyList<string> ShortNames => ["deploy"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Ready", obj => $"{obj.IntegerAt("status", "readyReplicas") ?? 0}/{obj.IntegerAt("spec", "replicas") ?? 0}", description: "Number of the pod with ready state"),
        Cell.Number("Up-to-date", "status.updatedReplicas", "string"),
        Cell.Number("Available", "status.availableReplicas", "string"),
        TableColumn.Age,
        .. Cell.OfTemplate(),
        Cell.Selector("Selector", "spec.selector"),
    ];

    public override ScalePaths Scale { get; } = new("spec.replicas", "status.replicas", "spec.selector");

    // A rollout is also started by annotations of the deployment, which become those of its replica sets.
    public override bool ChangesGeneration(JsonObject obj, JsonObject old) =>
        base.ChangesGeneration(obj, old)
        || !JsonNode.DeepEquals(obj.At("metadata", "annotations"), old.At("metadata", "annotations"));

    // A status that brings labels is one of an old client's, whose labels may be old, too.
    public override void PrepareForStatusUpdate(JsonObject obj, JsonObject old) => ObjectMetadata.Keep(obj, old, "labels");

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.OfOwnersName(obj).Concat(base.Warnings(obj));

    protected override void ApplyDefaultsTo(JsonObject spec)
    {
        spec.SetDefault("replicas", 1);
        spec.SetDefault("revisionHistoryLimit", 10);
        spec.SetDefault("progressDeadlineSeconds", 600);
        var strategy = spec.GetOrAddObject("strategy");
        strategy.SetDefault("type", "RollingUpdate");
        if (strategy.StringAt("type") == "RollingUpdate")
        {
            var rolling = strategy.GetOrAddObject("rollingUpdate");
            rolling.SetDefault("maxUnavailable", "25%");
            rolling.SetDefault("maxSurge", "25%");
        }
    }

    protected override void Spec(Field spec)
    {
        spec["replicas"].NotNegative();
        WorkloadChecks.Selector(spec, "deployment");
        PodChecks.Template(spec["template"]);
        WorkloadChecks.RunsForEver(spec["template"], "ReplicaSet");
        RollingUpdateChecks.OfDeployment(spec["strategy"]);
        spec.NotNegative("minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds");
        if (spec["progressDeadlineSeconds"].Number <= (spec["minReadySeconds"].Number ?? 0))
        {
            spec["progressDeadlineSeconds"].Invalid("must be greater than minReadySeconds");
        }
    }

    protected override void Status(Field status, JsonObject old)
    {
        status.NotNegative("observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas");
        ReplicaStatusChecks.Parts(status, "readyReplicas", "updatedReplicas", "readyReplicas", "availableReplicas");
        ReplicaStatusChecks.CollisionCount(status, old);
    }
}
