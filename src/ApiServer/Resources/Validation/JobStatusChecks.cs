using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>
/// What the status of a job may become. Most rules look only at what a change touches, so that a status that was bad before can still be mended
/// (upstream's JobStatusValidationOptions).
/// </summary>
internal static class JobStatusChecks
{
    private static readonly string[] Terminal = ["Failed", "Complete", "FailureTarget"];

    public static void Validate(Field job, JsonObject old)
    {
        var status = job["status"];
        status.NotNegative("active", "succeeded", "failed", "ready", "terminating");
        UncountedPods(status["uncountedTerminatedPods"]);
        Conditions(status["conditions"], old);
        Times(status, job["spec"], old);
        Indexes(status, job["spec"], old);
        Finished(status, old);
        Counters(status, old);
    }

    private static bool Is(JsonNode? status, string type) =>
        status.ObjectsAt("conditions").Any(condition => condition.StringAt("type") == type && condition.StringAt("status") == "True");

    private static bool Changes(Field status, JsonObject old, string name) => !JsonNode.DeepEquals(status[name].Value, old.At("status", name));

    private static void UncountedPods(Field uncounted)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var uid in uncounted["succeeded"].Items.Concat(uncounted["failed"].Items))
        {
            if (uid.Text.Length == 0)
            {
                uid.Invalid("must not be empty");
            }
            else if (!seen.Add(uid.Text))
            {
                uid.Duplicate(uid.Text);
            }
        }
    }

    private static void Conditions(Field conditions, JsonObject old)
    {
        var (after, before) = (new JsonObject { ["conditions"] = conditions.Value?.DeepClone() }, old["status"]);
        Exclude("Complete", "Failed");
        Exclude("Complete", "FailureTarget");
        if (Became("Failed") && !Is(after, "FailureTarget"))
        {
            conditions.InvalidAltogether("cannot set Failed=True condition without the FailureTarget=true condition");
        }

        if (Became("Complete") && !Is(after, "SuccessCriteriaMet"))
        {
            conditions.InvalidAltogether("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        }

        Exclude("SuccessCriteriaMet", "Failed");
        Exclude("SuccessCriteriaMet", "FailureTarget");
        foreach (var type in Terminal.Where(type => Is(before, type) && !Is(after, type)))
        {
            conditions.InvalidAltogether($"cannot disable the terminal {type}=True condition");
        }

        if (Is(before, "SuccessCriteriaMet") && !Is(after, "SuccessCriteriaMet"))
        {
            conditions.InvalidAltogether("cannot disable the SuccessCriteriaMet=True condition");
        }

        if (Is(before, "Complete") && !Is(before, "SuccessCriteriaMet") && Is(after, "SuccessCriteriaMet"))
        {
            conditions.InvalidAltogether("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
        }

        bool Became(string type) => Is(after, type) && !Is(before, type);

        void Exclude(string one, string other)
        {
            if (Is(after, one) && Is(after, other) && (Became(one) || Became(other)))
            {
                conditions.InvalidAltogether($"cannot set {one}=True and {other}=true conditions");
            }
        }
    }

    private static void Times(Field status, Field spec, JsonObject old)
    {
        var (start, end) = (status["startTime"], status["completionTime"]);
        var (isComplete, wasComplete) = (Is(status.Value, "Complete"), Is(old["status"], "Complete"));
        if (end.IsSet && !isComplete && Changes(status, old, "completionTime"))
        {
            end.Invalid("cannot set completionTime when there is no Complete=True condition");
        }

        if (!end.IsSet && isComplete && (!wasComplete || Changes(status, old, "completionTime")))
        {
            end.Required("completionTime is required for Complete jobs");
        }

        if (Time(end) < Time(start) && (Changes(status, old, "startTime") || Changes(status, old, "completionTime")))
        {
            end.Invalid("completionTime cannot be set before startTime");
        }

        if (wasComplete && end.IsSet && old.At("status", "completionTime") is not null && Changes(status, old, "completionTime"))
        {
            end.Invalid("completionTime cannot be mutated");
        }

        // A job that goes on after a rest begins anew; 1.34.0 refused that by mistake, and the job was stuck (kubernetes#134521).
        var isResumed = Is(old["status"], "Suspended") && !Is(status.Value, "Suspended");
        if (old.At("status", "startTime") is not null && Changes(status, old, "startTime") && !spec["suspend"].IsTrue && !isResumed)
        {
            start.Required("startTime cannot be removed for unsuspended job");
        }
    }

    private static void Indexes(Field status, Field spec, JsonObject old)
    {
        var (completed, failed) = (status["completedIndexes"], status["failedIndexes"]);
        var isIndexed = spec["completionMode"].Text == "Indexed";
        var completions = spec["completions"].Number ?? 0;
        if (Changes(status, old, "completedIndexes") && completed.Text.Length > 0)
        {
            if (!isIndexed)
            {
                completed.Invalid("cannot set non-empty completedIndexes when non-indexed completion mode");
            }
            else if (JobIndexes.Count(completed.Text, completions).Fault is { } fault)
            {
                completed.Invalid($"error parsing completedIndexes: {fault}");
            }
        }

        if (Changes(status, old, "failedIndexes") && failed.IsSet)
        {
            if (!spec["backoffLimitPerIndex"].IsSet)
            {
                failed.Invalid("cannot set non-null failedIndexes when backoffLimitPerIndex is null");
            }
            else if (JobIndexes.Count(failed.Text, completions).Fault is { } fault)
            {
                failed.Invalid($"error parsing failedIndexes: {fault}");
            }
        }

        if ((Changes(status, old, "failedIndexes") || Changes(status, old, "completedIndexes"))
            && JobIndexes.Overlap(completed.Text, failed.Text, completions) is { } index)
        {
            failed.Invalid($"failedIndexes and completedIndexes overlap at index: {index}");
        }
    }

    private static void Finished(Field status, JsonObject old)
    {
        var isFinished = Is(status.Value, "Complete") || Is(status.Value, "Failed");
        var wasFinished = Is(old["status"], "Complete") || Is(old["status"], "Failed");
        if (!isFinished)
        {
            return;
        }

        if (status["active"].Number > 0 && Matters("active"))
        {
            status["active"].Invalid("active>0 is invalid for finished job");
        }

        if (!status["startTime"].IsSet && Matters("startTime"))
        {
            status["startTime"].Required("startTime is required for finished job");
        }

        var uncounted = status["uncountedTerminatedPods"];
        if (uncounted["failed"].Count + uncounted["succeeded"].Count > 0 && Matters("uncountedTerminatedPods"))
        {
            uncounted.Invalid("uncountedTerminatedPods needs to be empty for finished job");
        }

        if (status["terminating"].Number > 0 && Matters("terminating"))
        {
            status["terminating"].Invalid("terminating>0 is invalid for finished job");
        }

        bool Matters(string name) => !wasFinished || Changes(status, old, name);
    }

    private static void Counters(Field status, JsonObject old)
    {
        if (status["ready"].Number > (status["active"].Number ?? 0) && (Changes(status, old, "ready") || Changes(status, old, "active")))
        {
            status["ready"].Invalid("cannot set more ready pods than active");
        }

        foreach (var name in (ReadOnlySpan<string>)["failed", "succeeded"])
        {
            // With the number of completions a job of indexes may also shrink.
            var mayShrink = name == "succeeded" && old.StringAt("spec", "completionMode") == "Indexed";
            if (!mayShrink && (status[name].Number ?? 0) < (old.IntegerAt("status", name) ?? 0))
            {
                status[name].InvalidValue(status[name].Number ?? 0, $"cannot decrease the {name} counter");
            }
        }
    }

    private static DateTimeOffset? Time(Field field) =>
        DateTimeOffset.TryParse(field.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
