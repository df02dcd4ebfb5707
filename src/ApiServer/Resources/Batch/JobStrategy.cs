using System.Globalization;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Batch;

internal sealed class JobStrategy : ResourceStrategy<V1Job>
{
    public override IReadOnlyList<string> Categories => ["all"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Status", Status, description: "Status of the job."),
        Cell.Text("Completions", Completions) with { DescribedBy = "status.succeeded" },
        Cell.Timed("Duration", Duration) with { Description = "Time required to complete the job." },
        TableColumn.Age,
        .. Cell.OfTemplate(),
        Cell.Selector("Selector", "spec.selector"),
    ];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields().And("status.successful", obj => $"{obj.IntegerAt("status", "succeeded") ?? 0}");

    public override IEnumerable<string> SelectablePaths => ["status.succeeded"];

    public override string UnsupportedField(string field) => $"field label {GoText.Quote(field)} not supported for batchv1.Job";

    public override bool OrphansDependentsByDefault => true;

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        ApplyDefaultsTo(spec);
        if (obj.ObjectAt("metadata", "labels") is not { Count: > 0 } && spec.ObjectAt("template", "metadata", "labels") is { Count: > 0 } labels)
        {
            obj.GetOrAddObject("metadata")["labels"] = labels.DeepClone();
        }
    }

    // Pods of different jobs must not be mixed up, so the selector is made of what no other job has.
    public override void PrepareForCreate(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        if (spec.BooleanAt("manualSelector") == true)
        {
            return;
        }

        var uid = obj.StringAt("metadata", "uid") ?? "";
        var labels = spec.GetOrAddObject("template").GetOrAddObject("metadata").GetOrAddObject("labels");
        foreach (var prefix in new[] { "", "batch.kubernetes.io/" })
        {
            labels.SetDefault(prefix + "controller-uid", uid);
            labels.SetDefault(prefix + "job-name", obj.StringAt("metadata", "name") ?? "");
        }

        spec.GetOrAddObject("selector").GetOrAddObject("matchLabels").SetDefault("batch.kubernetes.io/controller-uid", uid);
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, JobChecks.Job);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, job => JobChecks.SpecOfJob(job["spec"]), job => JobUpdateChecks.Validate(job["spec"], old));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, job => JobStatusChecks.Validate(job, old));

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.OfOwnersName(obj).Concat(JobWarnings.Of("spec", obj.ObjectAt("spec")));

    public override IEnumerable<string> WarningsOnUpdate(JsonObject obj, JsonObject old) =>
        ChangesGeneration(obj, old) ? JobWarnings.Of("spec", obj.ObjectAt("spec")) : [];

    /// <summary>What a job's spec leaves out, be it of a job or of a template.</summary>
    internal static void ApplyDefaultsTo(JsonObject spec)
    {
        // A job without either number is done when one pod is.
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec["completions"] = 1;
        }

        spec.SetDefault("parallelism", 1);
        spec.SetDefault("completionMode", "NonIndexed");
        spec.SetDefault("suspend", false);
        spec.SetDefault("backoffLimit", spec["backoffLimitPerIndex"] is null ? 6 : int.MaxValue);
        spec.SetDefault("manualSelector", false);
        spec.SetDefault("podReplacementPolicy", spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed");
        PodSpecDefaults.ApplyToTemplate(spec.GetOrAddObject("template"));
        foreach (var pattern in spec.ObjectsAt("podFailurePolicy", "rules").SelectMany(rule => rule.ObjectsAt("onPodConditions")))
        {
            pattern.SetDefault("status", "True");
        }
    }

    private static string Status(JsonObject obj)
    {
        if (HasCondition(obj, "Complete"))
        {
            return "Complete";
        }

        if (HasCondition(obj, "Failed"))
        {
            return "Failed";
        }

        if (obj.At("metadata", "deletionTimestamp") is not null)
        {
            return "Terminating";
        }

        if (HasCondition(obj, "Suspended"))
        {
            return "Suspended";
        }

        if (HasCondition(obj, "FailureTarget"))
        {
            return "FailureTarget";
        }

        return HasCondition(obj, "SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
    }

    private static bool HasCondition(JsonObject obj, string type) => obj.ObjectsAt("status", "conditions")
        .FirstOrDefault(condition => condition.StringAt("type") == type).StringAt("status") == "True";

    private static string Completions(JsonObject obj)
    {
        var succeeded = obj.IntegerAt("status", "succeeded") ?? 0;
        if (obj.IntegerAt("spec", "completions") is { } completions)
        {
            return $"{succeeded}/{completions}";
        }

        return obj.IntegerAt("spec", "parallelism") is { } parallelism and > 1 ? $"{succeeded}/1 of {parallelism}" : $"{succeeded}/1";
    }

    private static Func<DateTimeOffset, string> Duration(JsonObject obj)
    {
        if (obj.StringAt("status", "startTime") is not { } start)
        {
            return _ => "";
        }

        var since = Ages.Since(start);
        return DateTimeOffset.TryParse(
            obj.StringAt("status", "completionTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end)
            ? _ => since(end)
            : since;
    }
}
