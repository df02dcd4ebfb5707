using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

internal sealed class DeploymentStrategy : ResourceStrategy<V1Deployment>
{
    public override IReadOnlyList<string> ShortNames => ["deploy"];

    public override IReadOnlyList<string> Categories => ["all"];

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

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.SetDefault("replicas", 1);
        spec.SetDefault("revisionHistoryLimit", 10);
        spec.SetDefault("progressDeadlineSeconds", 600);
        var strategy = spec.GetOrAddObject("strategy");
        if (string.IsNullOrEmpty(strategy.StringAt("type")))
        {
            strategy["type"] = "RollingUpdate";
        }

        if (strategy.StringAt("type") == "RollingUpdate")
        {
            var rolling = strategy.GetOrAddObject("rollingUpdate");
            rolling.SetDefault("maxUnavailable", "25%");
            rolling.SetDefault("maxSurge", "25%");
        }

        PodSpecDefaults.ApplyToTemplate(spec.ObjectAt("template"));
    }

    // A rollout is also started by annotations of the deployment, which become those of its replica sets.
    public override bool ChangesGeneration(JsonObject obj, JsonObject old) =>
        base.ChangesGeneration(obj, old)
        || !JsonNode.DeepEquals(obj.At("metadata", "annotations"), old.At("metadata", "annotations"));

    public override IEnumerable<FieldError> Validate(JsonObject obj) => WorkloadChecks.Validate(obj.ObjectAt("spec") ?? [], "Deployment", "deployment")
        .Concat(RollingUpdateChecks.OfDeployment(obj.ObjectAt("spec") ?? []));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Validate(obj)
        .Concat(Checks.Unchanged("spec.selector", obj.At("spec", "selector"), old.At("spec", "selector")));
}
