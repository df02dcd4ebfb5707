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
    public override IReadOnlyList<string> ShortNames => ["cj"];

    public override IReadOnlyList<string> Categories => ["all"];

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Schedule", "spec.schedule"),
        Cell.Text("Timezone", "spec.timeZone", absent: Cell.None),
        new("Suspend", "boolean", (obj, _) => obj.BooleanAt("spec", "suspend") is { } suspended ? (suspended ? "True" : "False") : Cell.Unset) { DescribedBy = "spec.suspend" },
        Cell.Count("Active", "status.active"),
        Cell.Timed("Last Schedule", (obj, now) => obj.StringAt("status", "lastScheduleTime") is { } last ? Ages.Since(last, now) : Cell.None) with { DescribedBy = "status.lastScheduleTime" },
        TableColumn.Age,
        .. Cell.OfTemplate("spec.jobTemplate.spec.template.spec"),
        Cell.Selector("Selector", "spec.jobTemplate.spec.selector"),
    ];

    // Eleven characters are left for the time in the names of its jobs.
    public override IEnumerable<string> ValidateName(string name) =>
        name.Length > 52 ? ["must be no more than 52 characters"] : base.ValidateName(name);

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        spec.SetDefault("concurrencyPolicy", "Allow");
        spec.SetDefault("suspend", false);
        spec.SetDefault("successfulJobsHistoryLimit", 3);
        spec.SetDefault("failedJobsHistoryLimit", 1);
        if (spec.ObjectAt("jobTemplate", "spec") is { } job)
        {
            PodSpecDefaults.ApplyToTemplate(job.ObjectAt("template"));
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj)
    {
        var spec = obj.ObjectAt("spec") ?? [];
        return JobChecks.Schedule("spec.schedule", spec.StringAt("schedule"))
            .Concat(Checks.OneOf("spec.concurrencyPolicy", spec.StringAt("concurrencyPolicy"), "Allow", "Forbid", "Replace"))
            .Concat(Checks.NotNegative(spec, "spec", "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"))
            .Concat(JobChecks.Validate("spec.jobTemplate.spec", spec.ObjectAt("jobTemplate", "spec") ?? []));
    }
}
