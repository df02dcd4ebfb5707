using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The spec of a job, be it of a job or of a template (upstream's batch validation).</summary>
internal static partial class JobChecks
{
    private const int ParallelismLimit = 100_000;
    private const int FailedIndexesLimit = 100_000;
    private const int ManyCompletions = 100_000;
    private const int LimitForMany = 10_000;
    private const int ManagedByLength = 63;
    private const string PathExpression = @"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+";

    public const string NeedsIndexes = "requires indexed completion mode";

    /// <summary>What jobs and templates of jobs have in common.</summary>
    public static void Spec(Field spec)
    {
        spec.NotNegative("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes");
        if (spec["maxFailedIndexes"].IsSet && !spec["backoffLimitPerIndex"].IsSet)
        {
            spec["backoffLimitPerIndex"].Required("when maxFailedIndexes is specified");
        }

        ManagedBy(spec["managedBy"]);
        spec["completionMode"].OptionalOneOf("NonIndexed", "Indexed");
        if (spec["completionMode"].Text == "Indexed")
        {
            Indexed(spec);
        }
        else if (!spec["completionMode"].IsSet || spec["completionMode"].Text == "NonIndexed")
        {
            NotIndexed(spec);
        }

        JobPolicyChecks.PodFailure(spec);
        JobPolicyChecks.Success(spec);
        JobPolicyChecks.PodReplacement(spec);
        PodChecks.Template(spec["template"]);
        RestartPolicy(spec);
    }

    /// <summary>The whole of a job.</summary>
    public static void Job(Field job)
    {
        GeneratedSelector(job);
        SpecOfJob(job["spec"]);
        LastPodName(job["metadata"]["name"], job["spec"]);
    }

    /// <summary>The spec of a job that exists: its name and what was generated for it are not looked at again.</summary>
    public static void SpecOfJob(Field spec)
    {
        Spec(spec);
        if (!spec["selector"].IsSet)
        {
            spec["selector"].Required();
        }

        spec["selector"].LabelSelector();
        WorkloadChecks.TemplateLabels(spec);
    }

    /// <summary>The template of a cron job, whose jobs get their selectors when they are made.</summary>
    public static void Template(Field template)
    {
        var spec = template["spec"];
        Spec(spec);
        if (spec["selector"].IsSet)
        {
            spec["selector"].Invalid("`selector` will be auto-generated");
        }

        if (spec["manualSelector"].IsTrue)
        {
            spec["manualSelector"].NotSupported("nil", "false");
        }
    }

    private static void ManagedBy(Field managedBy)
    {
        if (!managedBy.IsSet)
        {
            return;
        }

        var slash = managedBy.Text.IndexOf('/', StringComparison.Ordinal);
        if (managedBy.NotEmpty() && (slash <= 0 || slash == managedBy.Text.Length - 1))
        {
            managedBy.Invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
        }
        else if (slash > 0)
        {
            managedBy.With(managedBy.Text[..slash]).Name(Names.DnsSubdomain);
            if (!ManagerPath().IsMatch(managedBy.Text[(slash + 1)..]))
            {
                managedBy.InvalidValue(managedBy.Text[(slash + 1)..], $"Invalid path (regex used for validation is '{PathExpression}')");
            }
        }

        if (managedBy.Text.Length > ManagedByLength)
        {
            managedBy.TooLong(ManagedByLength);
        }
    }

    private static void Indexed(Field spec)
    {
        var (completions, parallelism, failed) = (spec["completions"], spec["parallelism"], spec["maxFailedIndexes"]);
        if (!completions.IsSet)
        {
            completions.Required("when completion mode is Indexed");
        }

        AtMost(parallelism, ParallelismLimit, " when completion mode is Indexed");
        if (failed.Number > completions.Number)
        {
            failed.Invalid("must be less than or equal to completions");
        }

        AtMost(failed, FailedIndexesLimit, "");
        if (completions.Number > ManyCompletions && spec["backoffLimitPerIndex"].IsSet)
        {
            const string Why = " when completions are above 100000 and used with backoff limit per index";
            if (!failed.IsSet)
            {
                failed.Required($"must be specified when completions is above {ManyCompletions}");
            }

            AtMost(parallelism, LimitForMany, Why);
            AtMost(failed, LimitForMany, Why);
        }
    }

    private static void AtMost(Field number, int limit, string when)
    {
        if (number.Number > limit)
        {
            number.Invalid($"must be less than or equal to {limit}{when}");
        }
    }

    private static void NotIndexed(Field spec)
    {
        foreach (var name in (ReadOnlySpan<string>)["backoffLimitPerIndex", "maxFailedIndexes"])
        {
            if (spec[name].IsSet)
            {
                spec[name].Invalid(NeedsIndexes);
            }
        }
    }

    // Pods that are always started again never complete.
    private static void RestartPolicy(Field spec)
    {
        var policy = spec["template"]["spec"]["restartPolicy"];
        switch (policy.Text)
        {
            case "Never":
                break;
            case "OnFailure":
                if (spec["podFailurePolicy"].IsSet)
                {
                    policy.Invalid("only \"Never\" is supported when podFailurePolicy is specified");
                }

                break;
            case "" or "Always":
                policy.Required("valid values: \"OnFailure\", \"Never\"");
                break;
            default:
                policy.NotSupported("OnFailure", "Never");
                break;
        }
    }

    // Pods of different jobs must not be mixed up, so what the server made the selector of must still be there.
    private static void GeneratedSelector(Field job)
    {
        if (job["spec"]["manualSelector"].IsTrue || !job["spec"]["selector"].IsSet)
        {
            return;
        }

        var (uid, name) = (job["metadata"]["uid"], job["metadata"]["name"].Text);
        if (!uid.NotEmpty())
        {
            return;
        }

        var expected = new JsonObject();
        foreach (var prefix in (ReadOnlySpan<string>)["", "batch.kubernetes.io/"])
        {
            expected[prefix + "controller-uid"] = uid.Text;
            expected[prefix + "job-name"] = name;
        }

        var labels = job["spec"]["template"]["metadata"]["labels"];
        foreach (var (key, value) in expected)
        {
            HasLabel(labels, key, FieldPath.Text(value));
        }

        if (LabelSelectorChecks.Matches(job["spec"]["selector"].Value, expected) == false)
        {
            job["spec"]["selector"].Invalid("`selector` not auto-generated");
        }
    }

    private static void HasLabel(Field labels, string key, string expected)
    {
        if (labels.Value.StringAt(key) is not { } value)
        {
            labels.Key(key).Required($"must be '{expected}'");
        }
        else if (value != expected)
        {
            labels.Key(key).InvalidValue(labels.Value, $"must be '{expected}'");
        }
    }

    private static void LastPodName(Field name, Field spec)
    {
        if (spec["completionMode"].Text == "Indexed" && spec["completions"].Number is { } completions and > 0)
        {
            var last = $"{name.Text}-{completions - 1}";
            if (Names.DnsLabel(last).Any())
            {
                name.Invalid($"will not able to create pod with invalid DNS label: {last}");
            }
        }
    }

    [GeneratedRegex($@"\A{PathExpression}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ManagerPath();
}
