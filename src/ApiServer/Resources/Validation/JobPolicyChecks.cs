using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Which failures of pods a job counts, which indexes make it a success, and when it replaces pods.</summary>
internal static class JobPolicyChecks
{
    private const int RuleLimit = 20;
    private const int CodeLimit = 255;
    private const int IndexesLength = 64 * 1024;

    private static readonly string[] Actions = ["Count", "FailIndex", "FailJob", "Ignore"];
    private static readonly string[] Operators = ["In", "NotIn"];
    private static readonly string[] Statuses = ["False", "True", "Unknown"];

    public static void PodFailure(Field spec)
    {
        var rules = spec["podFailurePolicy"]["rules"];
        if (rules.Count > RuleLimit)
        {
            rules.TooMany(RuleLimit);
        }

        var pod = spec["template"]["spec"];
        var containers = pod["containers"].Items.Concat(pod["initContainers"].Items).Select(container => container["name"].Text).ToHashSet();
        foreach (var rule in rules.Items)
        {
            Action(rule["action"], hasLimitPerIndex: spec["backoffLimitPerIndex"].IsSet);
            var (codes, conditions) = (rule["onExitCodes"], rule["onPodConditions"]);
            if (codes.IsSet)
            {
                ExitCodes(codes, containers);
            }

            Conditions(conditions);
            if (codes.IsSet == conditions.Count > 0)
            {
                rule.InvalidAltogether(codes.IsSet
                    ? "specifying both OnExitCodes and OnPodConditions is not supported"
                    : "specifying one of OnExitCodes and OnPodConditions is required");
            }
        }
    }

    public static void PodReplacement(Field spec)
    {
        var policy = spec["podReplacementPolicy"];
        if (spec["podFailurePolicy"].IsSet)
        {
            policy.OptionalOneOf("Failed");
        }
        else
        {
            policy.OptionalOneOf("Failed", "TerminatingOrFailed");
        }
    }

    public static void Success(Field spec)
    {
        var rules = spec["successPolicy"]["rules"];
        if (!spec["successPolicy"].IsSet)
        {
            return;
        }

        if (spec["completionMode"].Text != "Indexed")
        {
            spec["successPolicy"].Invalid(JobChecks.NeedsIndexes);
            return;
        }

        rules.NotEmpty("at least one rules must be specified when the successPolicy is specified");
        if (rules.Count > RuleLimit)
        {
            rules.TooMany(RuleLimit);
        }

        foreach (var rule in rules.Items)
        {
            SuccessRule(rule, spec["completions"].Number ?? 0);
        }
    }

    private static void Action(Field action, bool hasLimitPerIndex)
    {
        if (!action.IsSet)
        {
            action.Required($"valid values: {Quoted(Actions)}");
        }
        else if (action.Text == "FailIndex")
        {
            if (!hasLimitPerIndex)
            {
                action.Invalid("requires the backoffLimitPerIndex to be set");
            }
        }
        else
        {
            action.Known(Actions);
        }
    }

    private static void ExitCodes(Field codes, HashSet<string> containers)
    {
        RequiredOneOf(codes["operator"], Operators);
        var container = codes["containerName"];
        if (container.IsSet && !containers.Contains(container.Text))
        {
            container.Invalid("must be one of the container or initContainer names in the pod template");
        }

        var values = codes["values"];
        if (values.Count == 0)
        {
            values.InvalidValue(values.Value, "at least one value is required");
        }
        else if (values.Count > CodeLimit)
        {
            values.TooMany(CodeLimit);
        }

        var seen = new HashSet<long>();
        var isOrdered = true;
        long? previous = null;
        foreach (var value in values.Items)
        {
            var code = value.Number ?? 0;
            if (codes["operator"].Text == "In" && code == 0)
            {
                value.Invalid("must not be 0 for the In operator");
            }

            if (!seen.Add(code))
            {
                value.Duplicate(code);
            }

            isOrdered &= previous is null || previous <= code;
            previous = code;
        }

        if (!isOrdered)
        {
            values.Invalid("must be ordered");
        }
    }

    private static void Conditions(Field conditions)
    {
        if (conditions.Count > RuleLimit)
        {
            conditions.TooMany(RuleLimit);
        }

        foreach (var pattern in conditions.Items)
        {
            pattern["type"].Name(Api.Validation.Names.QualifiedName);
            RequiredOneOf(pattern["status"], Statuses);
        }
    }

    private static void RequiredOneOf(Field field, string[] values)
    {
        if (field.NotEmpty($"valid values: {Quoted(values)}"))
        {
            field.Known(values);
        }
    }

    private static void SuccessRule(Field rule, long completions)
    {
        var (count, indexes) = (rule["succeededCount"], rule["succeededIndexes"]);
        if (!count.IsSet && !indexes.IsSet)
        {
            rule.Required("at least one of succeededCount or succeededIndexes must be specified");
        }

        if (indexes.Text.Length > IndexesLength)
        {
            indexes.TooLong(IndexesLength);
        }

        var (total, fault) = JobIndexes.Count(indexes.Text, completions);
        if (fault is not null)
        {
            indexes.Invalid($"error parsing succeededIndexes: {fault}");
        }

        count.NotNegative();
        if (count.Number > completions)
        {
            count.Invalid($"must be less than or equal to {completions} (the number of specified completions)");
        }

        if (indexes.IsSet && count.Number > total)
        {
            count.Invalid($"must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)");
        }
    }

    // As Go prints a list with %q.
    private static string Quoted(IEnumerable<string> values) => $"[{string.Join(' ', values.Select(GoText.Quote))}]";
}
