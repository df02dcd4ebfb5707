using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>When a cron job starts its jobs.</summary>
internal static partial class CronChecks
{
    public static void Spec(Field spec, JsonObject? old)
    {
        if (spec["schedule"].NotEmpty())
        {
            Schedule(spec["schedule"], old.StringAt("schedule") ?? "", hasTimeZone: spec["timeZone"].IsSet);
        }

        spec["startingDeadlineSeconds"].NotNegative();
        if (spec["timeZone"].IsSet && old.StringAt("timeZone") != spec["timeZone"].Text)
        {
            TimeZone(spec["timeZone"]);
        }

        spec["concurrencyPolicy"].OneOf("Allow", "Forbid", "Replace");
        JobChecks.Template(spec["jobTemplate"]);
        spec.NotNegative("successfulJobsHistoryLimit", "failedJobsHistoryLimit");
    }

    private static void Schedule(Field schedule, string old, bool hasTimeZone)
    {
        if (CronSchedule.Fault(schedule.Text) is { } fault)
        {
            schedule.Invalid(fault);
        }

        if (!schedule.Text.Contains("TZ", StringComparison.Ordinal))
        {
            return;
        }

        if (!old.Contains("TZ", StringComparison.Ordinal))
        {
            schedule.Invalid("cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
        else if (hasTimeZone)
        {
            schedule.Invalid("cannot use both timeZone field and TZ or CRON_TZ in schedule");
        }
    }

    private static void TimeZone(Field zone)
    {
        if (zone.Text.Length == 0)
        {
            zone.Invalid("timeZone must be nil or non-empty string");
        }
        else if (zone.Text.Split('/').Any(part => part is "." or ".." or ['-', ..] || !ZonePart().IsMatch(part)))
        {
            zone.Invalid($"unknown time zone {zone.Text}");
        }
        else if (zone.Text.Equals("Local", StringComparison.OrdinalIgnoreCase))
        {
            zone.Invalid("timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }
        else if (!TimeZones.Exists(zone.Text))
        {
            zone.Invalid($"unknown time zone {zone.Text}");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z\.\-_0-9+]{1,14}\z")]
    private static partial Regex ZonePart();
}
