using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What workloads have in common: a selector that fits the labels of the template, and a template whose pods run for ever.</summary>
internal static class WorkloadChecks
{
    /// <param name="spec">The workload's spec.</param>
    /// <param name="owner">Whom upstream's message about an empty selector names.</param>
    /// <param name="onFault">What upstream adds about a selector that breaks the rules.</param>
    public static void Selector(Field spec, string owner, string? onFault = "invalid label selector")
    {
        var selector = spec["selector"];
        if (!selector.IsSet)
        {
            selector.Required();
        }
        else
        {
            NotEmptySelector(selector, owner);
            if (onFault is not null && LabelSelectorChecks.Matches(selector.Value, null) is null)
            {
                selector.Invalid(onFault);
            }
        }

        TemplateLabels(spec);
    }

    public static void NotEmptySelector(Field selector, string owner)
    {
        selector.LabelSelector();
        if (selector.IsSet && selector["matchLabels"].Count + selector["matchExpressions"].Count == 0)
        {
            selector.Invalid($"empty selector is invalid for {owner}");
        }
    }

    public static void TemplateLabels(Field spec)
    {
        var labels = spec["template"]["metadata"]["labels"];
        if (LabelSelectorChecks.Matches(spec["selector"].Value, labels.Value as JsonObject) == false)
        {
            labels.InvalidValue(labels.Value, "`selector` does not match template `labels`");
        }
    }

    /// <summary>Pods that are replaced when they end.</summary>
    public static void RunsForEver(Field template, string kind)
    {
        var spec = template["spec"];
        spec["restartPolicy"].Known("Always");
        if (spec["activeDeadlineSeconds"].IsSet)
        {
            spec["activeDeadlineSeconds"].Forbidden($"activeDeadlineSeconds in {kind} is not Supported");
        }
    }

    /// <summary>A number, or a percentage as text.</summary>
    public static IEnumerable<FieldError> NumberOrPercent(string path, JsonNode? value)
    {
        if (value.IntegerAt() is { } number)
        {
            return number < 0 ? [FieldError.Invalid(path, number, "must be greater than or equal to 0")] : [];
        }

        return value.StringAt() is { } text ? Checks.Named(path, text, Names.Percent) : [];
    }

    /// <summary>Text that is neither counts as nothing.</summary>
    public static bool IsZero(JsonNode? value) => value is null || value.IntegerAt() == 0 || (value.StringAt() is { } text && !IsPositive(text));

    private static bool IsPositive(string text) =>
        long.TryParse(Names.Percent(text).Any() ? text : text[..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number != 0;
}
