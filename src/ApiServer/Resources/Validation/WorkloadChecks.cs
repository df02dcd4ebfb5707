using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Selectors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What workloads have in common: a selector that fits the labels of the template, counts, and rolling updates.</summary>
internal static class WorkloadChecks
{
    /// <param name="spec">The workload's spec.</param>
    /// <param name="kind">As messages name it, such as <c>ReplicaSet</c>.</param>
    /// <param name="selectorOwner">Whom upstream's message about an empty selector names.</param>
    public static IEnumerable<FieldError> Validate(JsonObject spec, string kind, string selectorOwner) =>
        Selector(spec, selectorOwner)
        .Concat(Template(spec, kind, labels => Matches(spec["selector"], labels)))
        .Concat(Checks.NotNegative(spec, "spec", "replicas", "minReadySeconds", "revisionHistoryLimit"));

    /// <summary>A template whose pods run for ever, with the labels that the workload selects.</summary>
    public static IEnumerable<FieldError> Template(JsonObject spec, string kind, Func<JsonObject, bool> isSelected)
    {
        if (spec.ObjectAt("template") is not { } template)
        {
            yield return FieldError.Required("spec.template");
            yield break;
        }

        var labels = template.ObjectAt("metadata", "labels") ?? [];
        if (!isSelected(labels))
        {
            yield return FieldError.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
        }

        foreach (var error in OfTemplate("spec.template", template))
        {
            yield return error;
        }

        if (template.StringAt("spec", "restartPolicy") is { } policy and not "Always")
        {
            yield return FieldError.NotSupported("spec.template.spec.restartPolicy", policy, "Always");
        }

        if (template.At("spec", "activeDeadlineSeconds") is not null)
        {
            yield return FieldError.Forbidden("spec.template.spec.activeDeadlineSeconds", $"activeDeadlineSeconds in {kind} is not Supported");
        }
    }

    public static IEnumerable<FieldError> OfTemplate(string path, JsonObject template) =>
        Checks.Labels($"{path}.labels", template.At("metadata", "labels"))
        .Concat(Annotations($"{path}.annotations", template.ObjectAt("metadata", "annotations")))
        .Concat(PodSpecChecks.Validate($"{path}.spec", template.ObjectAt("spec") ?? []))
        .Concat(template.ObjectsAt("spec", "ephemeralContainers").Any()
            ? [FieldError.Forbidden($"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template")]
            : []);

    /// <summary>A number, or a percentage as text.</summary>
    public static IEnumerable<FieldError> NumberOrPercent(string path, JsonNode? value)
    {
        if (value.IntegerAt() is { } number)
        {
            return number < 0 ? [FieldError.Invalid(path, number, "must be greater than or equal to 0")] : [];
        }

        return value.StringAt() is { } text ? Checks.Named(path, text, Names.Percent) : [];
    }

    public static bool IsZero(JsonNode? value) => value.IntegerAt() == 0 || value.StringAt() is "0%" or "00%";

    private static IEnumerable<FieldError> Selector(JsonObject spec, string owner)
    {
        if (spec["selector"] is not JsonObject selector)
        {
            return [FieldError.Required("spec.selector")];
        }

        var errors = LabelSelectorChecks.Validate("spec.selector", selector);
        return selector["matchLabels"] is not JsonObject { Count: > 0 } && !selector.ObjectsAt("matchExpressions").Any()
            ? errors.Append(FieldError.Invalid("spec.selector", selector, $"empty selector is invalid for {owner}"))
            : errors;
    }

    // A selector that is missing matches nothing; one that is no selector has been told of already.
    private static bool Matches(JsonNode? selector, JsonObject labels)
    {
        try
        {
            return selector is JsonObject map && LabelSelector.Parse(SelectorText.Of(map) is var text and not Cell.None ? text : "").Matches(labels);
        }
        catch (StatusException)
        {
            return true;
        }
    }

    private static IEnumerable<FieldError> Annotations(string path, JsonObject? annotations) => (annotations ?? [])
        .SelectMany(annotation => Names.QualifiedName(annotation.Key.ToLowerInvariant()).Select(fault => FieldError.Invalid(path, annotation.Key, fault)));
}
