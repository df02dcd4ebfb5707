using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What an autoscaler (v2) scales, by which metrics, between which numbers and how fast.</summary>
internal static class AutoscalerChecks
{
    private const int LongestPeriod = 1800;
    private const int LongestWindow = 3600;

    // In the order in which upstream looks at them.
    private static readonly string[] Sources = ["object", "external", "pods", "resource", "containerResource"];
    private static readonly string[] Types = ["ContainerResource", "External", "Object", "Pods", "Resource"];

    /// <param name="spec">The spec.</param>
    /// <param name="least">The fewest replicas that may be asked for: 1, or 0 when the object had 0 already.</param>
    public static void Spec(Field spec, int least)
    {
        var (min, max) = (spec["minReplicas"], spec["maxReplicas"]);
        if (min.Number < least)
        {
            min.Invalid($"must be greater than or equal to {least}");
        }

        if (max.Number is null or < 1)
        {
            max.InvalidValue(max.Number ?? 0, "must be greater than 0");
        }

        if ((max.Number ?? 0) < min.Number)
        {
            max.InvalidValue(max.Number ?? 0, "must be greater than or equal to `minReplicas`");
        }

        Target(spec["scaleTargetRef"]);
        var metrics = spec["metrics"];
        foreach (var metric in metrics.Items)
        {
            Metric(metric);
        }

        if (min.Number == 0 && !metrics.Items.Any(metric => metric["type"].Text is "Object" or "External"))
        {
            metrics.Forbidden("must specify at least one Object or External metric to support scaling to zero replicas");
        }

        Rules(spec["behavior"]["scaleUp"]);
        Rules(spec["behavior"]["scaleDown"]);
    }

    private static void Target(Field reference)
    {
        ReferenceChecks.Segment(reference["kind"]);
        ReferenceChecks.Segment(reference["name"]);
    }

    private static void Rules(Field rules)
    {
        if (!rules.IsSet)
        {
            return;
        }

        var window = rules["stabilizationWindowSeconds"];
        if (window.Number < 0)
        {
            window.Invalid("must be greater than or equal to zero");
        }

        if (window.Number > LongestWindow)
        {
            window.Invalid($"must be less than or equal to {LongestWindow}");
        }

        rules["selectPolicy"].OptionalOneOf("Disabled", "Max", "Min");
        rules["policies"].NotEmpty("must specify at least one Policy");
        foreach (var policy in rules["policies"].Items)
        {
            policy["type"].Known("Percent", "Pods");
            Positive(policy["value"]);
            Positive(policy["periodSeconds"]);
            if (policy["periodSeconds"].Number > LongestPeriod)
            {
                policy["periodSeconds"].Invalid($"must be less than or equal to {LongestPeriod}");
            }
        }

        // Since 1.33 each direction may have a tolerance of its own.
        if (rules["tolerance"] is { IsSet: true } tolerance && Amount(tolerance) is { IsNegative: true } amount)
        {
            tolerance.InvalidValue(amount.ToString(), "must be greater than or equal to 0");
        }
    }

    private static void Positive(Field field)
    {
        if (field.Number is null or <= 0)
        {
            field.InvalidValue(field.Number ?? 0, "must be greater than zero");
        }
    }

    private static void Metric(Field metric)
    {
        var type = metric["type"];
        if (type.Text.Length == 0)
        {
            type.Required("must specify a metric source type");
        }

        type.Known(Types);
        var present = Sources.Where(source => metric[source].IsSet).ToList();
        if (present.Count > 0)
        {
            Source(metric[present[0]], present[0]);
        }

        var expected = "";
        if (Types.Contains(type.Text))
        {
            expected = char.ToLowerInvariant(type.Text[0]) + type.Text[1..];
            if (!metric[expected].IsSet)
            {
                metric[expected].Required("must populate information for the given metric source");
            }
        }
        else
        {
            type.Known(Types);
        }

        if (present.Count != 1)
        {
            foreach (var other in present.Where(source => source != expected))
            {
                metric[other].Forbidden("must populate the given metric source only");
            }
        }
    }

    private static void Source(Field source, string kind)
    {
        var target = source["target"];
        var (value, average, utilization) = (target["value"], target["averageValue"], target["averageUtilization"]);
        switch (kind)
        {
            case "object":
                Target(source["describedObject"]);
                Identifier(source["metric"]);
                Target(target, Needs(!value.IsSet && !average.IsSet, average, "must set either a target value or averageValue"));
                break;
            case "external":
                Identifier(source["metric"]);
                Target(target, Needs(!value.IsSet && !average.IsSet, average, "must set either a target value for metric or a per-pod target"));
                if (value.IsSet && average.IsSet)
                {
                    value.Forbidden("may not set both a target value for metric and a per-pod target");
                }

                break;
            case "pods":
                Identifier(source["metric"]);
                Target(target, Needs(!average.IsSet, average, "must specify a positive target averageValue"));
                break;
            default:
                Resource(source, kind);
                Target(target, Needs(!utilization.IsSet && !average.IsSet, utilization, "must set either a target raw value or a target utilization"));
                if (utilization.IsSet && average.IsSet)
                {
                    average.Forbidden("may not set both a target raw value and a target utilization");
                }

                break;
        }
    }

    private static Action Needs(bool isMissing, Field field, string detail) => () =>
    {
        if (isMissing)
        {
            field.Required(detail);
        }
    };

    private static void Resource(Field source, string kind)
    {
        if (source["name"].NotEmpty("must specify a resource name") && kind == "containerResource")
        {
            ResourceChecks.ContainerName(source["name"], source["name"].Text);
        }

        if (kind == "containerResource" && source["container"].NotEmpty("must specify a container"))
        {
            source["container"].Name(Names.DnsLabel);
        }
    }

    private static void Identifier(Field metric) => ReferenceChecks.Segment(metric["name"], "must specify a metric name");

    private static void Target(Field target, Action needs)
    {
        var type = target["type"];
        if (type.Text.Length == 0)
        {
            type.Required("must specify a metric target type");
        }

        if (type.Text is not ("Utilization" or "Value" or "AverageValue"))
        {
            type.Invalid("must be either Utilization, Value, or AverageValue");
        }

        foreach (var field in new[] { target["value"], target["averageValue"] })
        {
            if (field.IsSet && Amount(field) is { } amount && amount <= Quantity.Zero)
            {
                field.InvalidValue(amount.ToString(), "must be positive");
            }
        }

        if (target["averageUtilization"].Number < 1)
        {
            target["averageUtilization"].Invalid("must be greater than 0");
        }

        needs();
    }

    private static Quantity? Amount(Field field) => Quantity.TryParse(field.Value.StringAt(), out var amount) ? amount : null;
}
