using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Batch;

internal sealed class CronJobStrategy : ResourceStrategy<V1CronJob>
{
    private const int LongestName = 52;

    public override IReadOnlyList<string> ShortNames => ["cj"];

    public override IReadOnlyList<string> Categories => ["all"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Schedule", "spec.schedule"),
        Cell.Text("Timezone", "spec.timeZone", absent: Cell.None),
        new("Suspend", "boolean", (obj, _) => obj.BooleanAt("spec", "suspend") is { } suspended ? (suspended ? "True" : "False") : Cell.Unset) { DescribedBy = "spec.suspend" },
        Cell.Count("Active", "status.active"),
        Cell.Timed("Last Schedule", obj => obj.StringAt("status", "lastScheduleTime") is { } last ? Ages.Since(last) : _ => Cell.None) with { DescribedBy = "status.lastScheduleTime" },
        TableColumn.Age,
        .. Cell.OfTemplate("spec.jobTemplate.spec.template.spec"),
        Cell.Selector("Selector", "spec.jobTemplate.spec.selector"),
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.SetDefault("concurrencyPolicy", "Allow");
        spec.SetDefault("suspend", false);
        spec.SetDefault("successfulJobsHistoryLimit", 3);
        spec.SetDefault("failedJobsHistoryLimit", 1);
        PodSpecDefaults.ApplyToTemplate(spec.GetOrAddObject("jobTemplate").GetOrAddObject("spec").GetOrAddObject("template"));
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, root => CronChecks.Spec(root["spec"], null), Name);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, root => CronChecks.Spec(root["spec"], old.ObjectAt("spec") ?? []));

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.OfOwnersName(obj).Concat(JobWarnings.Of("spec.jobTemplate.spec", obj.ObjectAt("spec", "jobTemplate", "spec")));

    public override IEnumerable<string> WarningsOnUpdate(JsonObject obj, JsonObject old) =>
        ChangesGeneration(obj, old) ? JobWarnings.Of("spec.jobTemplate.spec", obj.ObjectAt("spec", "jobTemplate", "spec")) : [];

    // Eleven characters are left for the time in the names of its jobs.
    private static void Name(Field root)
    {
        if (root["metadata"]["name"].Text.Length > LongestName)
        {
            root["metadata"]["name"].Invalid($"must be no more than {LongestName} characters");
        }
    }
}
