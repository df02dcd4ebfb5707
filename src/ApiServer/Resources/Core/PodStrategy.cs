using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class PodStrategy : ResourceStrategy<V1Pod>
{
    public override IReadOnlyList<string> ShortNames => ["po"];

    public override IReadOnlyList<string> Categories => ["all"];

    public override bool ReturnsDeletedObject => true;

    public override IReadOnlyList<TableColumn> Columns => PodColumns.All;

    public override JsonArray? RowConditions(JsonObject obj) => PodColumns.RowConditions(obj);

    public override string IndexedField => "spec.nodeName";

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } = Selectable.Fields(
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.phase",
            "status.nominatedNodeName")
        .And("spec.host", new FieldPath("spec.nodeName").ReadText)
        .And("spec.hostNetwork", obj => obj.BooleanAt("spec", "hostNetwork") == true ? "true" : "false")
        .And("status.podIP", obj => obj.ObjectsAt("status", "podIPs").FirstOrDefault().StringAt("ip") ?? "")
        .And("status.podIPs", obj => string.Join(',', obj.ObjectsAt("status", "podIPs").Select(ip => ip.StringAt("ip"))));

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        PodSpecDefaults.Apply(spec);
        PodDefaults.Apply(spec);
        if (obj.ObjectAt("status") is { } status)
        {
            PodDefaults.MirrorAddresses(status);
        }
    }

    public override void PrepareForCreate(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        var status = new JsonObject { ["phase"] = "Pending", ["qosClass"] = PodQos.Compute(spec) };
        if (spec["schedulingGates"] is JsonArray { Count: > 0 })
        {
            status["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "PodScheduled",
                ["status"] = "False",
                ["reason"] = "SchedulingGated",
                ["message"] = "Scheduling is blocked due to non-empty scheduling gates",
            });
        }

        obj["status"] = status;
        LabelKeySelectors.Apply(obj);
    }

    // A pod that no kubelet runs, or that has ended, is gone at once.
    public override long? GracePeriodSeconds(JsonObject obj, long? requested)
    {
        if (string.IsNullOrEmpty(obj.StringAt("spec", "nodeName")) || obj.StringAt("status", "phase") is "Succeeded" or "Failed")
        {
            return 0;
        }

        var period = requested ?? obj.IntegerAt("spec", "terminationGracePeriodSeconds") ?? 0;
        return period < 0 ? 1 : period;
    }

    // Old kubelets send owners and a class that they do not know.
    public override void PrepareForStatusUpdate(JsonObject obj, JsonObject old)
    {
        ObjectMetadata.Keep(obj, old, "ownerReferences");
        if (old.StringAt("status", "qosClass") is { } qos)
        {
            obj.GetOrAddObject("status").SetDefault("qosClass", qos);
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, PodChecks.ValidateCreate);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, pod => PodUpdateChecks.Validate(pod, old));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, pod => PodStatusChecks.Validate(pod, old));

    // After the warnings, which tell of annotations without fields.
    public override void Canonicalize(JsonObject obj) => AppArmorAnnotations.Apply(obj);

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.Of(obj);

    // What a pod was warned of when it was made cannot be changed any more, and those who update it are no people.
    public override IEnumerable<string> WarningsOnUpdate(JsonObject obj, JsonObject old) => [];
}
