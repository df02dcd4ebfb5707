using System.Text.Json.Nodes;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>How pods are spread over zones, nodes and the like.</summary>
internal static class TopologySpreadChecks
{
    private const string InBoth = "exists in both matchLabelKeys and labelSelector";

    public static void Validate(Field constraints)
    {
        foreach (var (index, constraint) in constraints.Items.Index())
        {
            var (skew, key, action) = (constraint["maxSkew"], constraint["topologyKey"], constraint["whenUnsatisfiable"]);
            if (skew.Number is not > 0)
            {
                skew.InvalidValue(skew.Number ?? 0, "must be greater than zero");
            }

            key.NotEmpty("can not be empty");
            action.Known("DoNotSchedule", "ScheduleAnyway");
            if (constraints.Items.Skip(index + 1).Any(other => other["topologyKey"].Text == key.Text && other["whenUnsatisfiable"].Text == action.Text))
            {
                constraint["{topologyKey, whenUnsatisfiable}"].Duplicate($"{{{key.Text}, {action.Text}}}");
            }

            MinDomains(constraint["minDomains"], action.Text);
            constraint["nodeAffinityPolicy"].OptionalOneOf("Honor", "Ignore");
            constraint["nodeTaintsPolicy"].OptionalOneOf("Honor", "Ignore");
            Keys(constraint["matchLabelKeys"], constraint["labelSelector"]);
            constraint["labelSelector"].LabelSelector();
        }
    }

    private static void MinDomains(Field domains, string action)
    {
        if (domains.Number <= 0)
        {
            domains.Invalid("must be greater than zero");
        }

        if (domains.IsSet && action != "DoNotSchedule")
        {
            domains.Invalid($"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
        }
    }

    private static void Keys(Field keys, Field selector)
    {
        if (keys.Count == 0)
        {
            return;
        }

        if (!selector.IsSet)
        {
            keys.Forbidden("must not be specified when labelSelector is not set");
        }

        foreach (var key in keys.Items)
        {
            key.Name(Names.QualifiedName);
            if (IsSelected(selector, key.Text))
            {
                key.Invalid(InBoth);
            }
        }
    }

    // The server itself adds an In of these keys when it creates a pod.
    private static bool IsSelected(Field selector, string key) =>
        selector["matchLabels"].Value is JsonObject labels && labels.ContainsKey(key)
        || selector["matchExpressions"].Items.Count(expression => expression["key"].Text == key) > 1;
}
