using System.Globalization;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>How many pods a budget leaves to be disrupted.</summary>
internal static class DisruptionBudgetChecks
{
    public static void Spec(Field spec)
    {
        if (spec["minAvailable"].IsSet && spec["maxUnavailable"].IsSet)
        {
            spec.Invalid("minAvailable and maxUnavailable cannot be both set");
        }

        Amount(spec["minAvailable"]);
        Amount(spec["maxUnavailable"]);
        spec["selector"].LabelSelector();
        spec["unhealthyPodEvictionPolicy"].OptionalOneOf("AlwaysAllow", "IfHealthyBudget");
    }

    public static void Status(Field status)
    {
        ConditionChecks.Validate(status["conditions"]);
        status.NotNegative("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");
    }

    private static void Amount(Field amount)
    {
        amount.Add(WorkloadChecks.NumberOrPercent(amount.Path, amount.Value));
        if (amount.Value.StringAt() is [.. var digits, '%'] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent > 100)
        {
            amount.Invalid("must not be greater than 100%");
        }
    }
}
