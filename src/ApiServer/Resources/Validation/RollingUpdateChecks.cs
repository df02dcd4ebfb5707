using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>How Deployments, DaemonSets and StatefulSets replace their pods.</summary>
internal static class RollingUpdateChecks
{
    public static void OfDeployment(Field strategy)
    {
        var rolling = strategy["rollingUpdate"];
        switch (strategy["type"].Text)
        {
            case "Recreate":
                if (rolling.IsSet)
                {
                    rolling.Forbidden("may not be specified when strategy `type` is 'Recreate'");
                }

                break;
            case "RollingUpdate":
                Numbers(rolling);
                if (WorkloadChecks.IsZero(rolling["maxUnavailable"].Value) && WorkloadChecks.IsZero(rolling["maxSurge"].Value))
                {
                    rolling["maxUnavailable"].Invalid("may not be 0 when `maxSurge` is 0");
                }

                NotMoreThanAll(rolling["maxUnavailable"]);
                break;
            default:
                strategy.NotSupported("Recreate", "RollingUpdate");
                break;
        }
    }

    public static void OfDaemonSet(Field strategy)
    {
        var rolling = strategy["rollingUpdate"];
        switch (strategy["type"].Text)
        {
            case "OnDelete":
                break;
            case "RollingUpdate":
                Numbers(rolling);
                NotMoreThanAll(rolling["maxUnavailable"]);
                NotMoreThanAll(rolling["maxSurge"]);
                OneOfBoth(rolling["maxUnavailable"], rolling["maxSurge"]);
                break;
            default:
                strategy.NotSupported("RollingUpdate", "OnDelete");
                break;
        }
    }

    public static void OfStatefulSet(Field strategy)
    {
        var rolling = strategy["rollingUpdate"];
        switch (strategy["type"].Text)
        {
            case "":
                strategy.Required();
                break;
            case "OnDelete":
                if (rolling.IsSet)
                {
                    rolling.Invalid("only allowed for updateStrategy 'RollingUpdate'");
                }

                break;
            case "RollingUpdate":
                rolling["partition"].NotNegative();
                OfStatefulSet(rolling, rolling["maxUnavailable"]);
                break;
            default:
                strategy.Invalid("must be 'RollingUpdate' or 'OnDelete'");
                break;
        }
    }

    private static void OfStatefulSet(Field rolling, Field unavailable)
    {
        if (!unavailable.IsSet)
        {
            return;
        }

        rolling.Add(WorkloadChecks.NumberOrPercent(unavailable.Path, unavailable.Value));
        if (WorkloadChecks.IsZero(unavailable.Value))
        {
            unavailable.Invalid("cannot be 0");
        }

        NotMoreThanAll(unavailable);
    }

    private static void Numbers(Field rolling)
    {
        foreach (var name in (ReadOnlySpan<string>)["maxUnavailable", "maxSurge"])
        {
            rolling.Add(WorkloadChecks.NumberOrPercent(rolling[name].Path, rolling[name].Value));
        }
    }

    private static void OneOfBoth(Field unavailable, Field surge)
    {
        switch (WorkloadChecks.IsZero(unavailable.Value), WorkloadChecks.IsZero(surge.Value))
        {
            case (false, false):
                surge.Invalid("may not be set when maxUnavailable is non-zero");
                break;
            case (true, true):
                unavailable.Required("cannot be 0 when maxSurge is 0");
                break;
        }
    }

    private static void NotMoreThanAll(Field amount)
    {
        if (amount.Value.StringAt() is [.. var digits, '%'] && int.TryParse(digits, out var percent) && percent > 100)
        {
            amount.Invalid("must not be greater than 100%");
        }
    }
}
