using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The spec of a job, be it of a job or of a template.</summary>
internal static class JobChecks
{
    private const int CronFields = 5;

    public static IEnumerable<FieldError> Validate(string path, JsonObject spec)
    {
        var errors = Checks.NotNegative(
                spec, path, "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex")
            .Concat(Checks.OptionalOneOf($"{path}.completionMode", spec.StringAt("completionMode"), "NonIndexed", "Indexed"));
        if (spec.StringAt("completionMode") == "Indexed" && spec["completions"] is null)
        {
            errors = errors.Append(FieldError.Required($"{path}.completions", "when completion mode is Indexed"));
        }

        if (spec.ObjectAt("template") is not { } template)
        {
            return errors.Append(FieldError.Required($"{path}.template"));
        }

        errors = errors.Concat(WorkloadChecks.OfTemplate($"{path}.template", template));

        // Pods that are always started again never complete.
        return template.StringAt("spec", "restartPolicy") switch
        {
            "OnFailure" or "Never" => errors,
            "Always" or null => errors.Append(FieldError.Required($"{path}.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"")),
            var policy => errors.Append(FieldError.NotSupported($"{path}.template.spec.restartPolicy", policy, "OnFailure", "Never")),
        };
    }

    public static IEnumerable<FieldError> Immutable(JsonObject spec, JsonObject old)
    {
        var mayResize = spec.StringAt("completionMode") == "Indexed" && JsonNode.DeepEquals(spec["completions"], spec["parallelism"]);
        var isSuspended = old.BooleanAt("suspend") == true;
        return (mayResize ? [] : Checks.Unchanged("spec.completions", spec["completions"], old["completions"]))
            .Concat(Checks.Unchanged("spec.selector", spec["selector"], old["selector"]))
            .Concat(isSuspended ? [] : Checks.Unchanged("spec.template", spec["template"], old["template"]))
            .Concat(Checks.Unchanged("spec.completionMode", spec["completionMode"], old["completionMode"]));
    }

    public static IEnumerable<FieldError> Schedule(string path, string? schedule)
    {
        if (string.IsNullOrEmpty(schedule))
        {
            yield return FieldError.Required(path);
            yield break;
        }

        var fields = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!schedule.StartsWith('@') && fields.Length != CronFields)
        {
            yield return FieldError.Invalid(path, schedule, $"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]");
        }

        if (schedule.Contains("TZ", StringComparison.Ordinal))
        {
            yield return FieldError.Invalid(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
    }
}
