using MiniKube.Api.Errors;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Taints of nodes, and the tolerations of pods for them.</summary>
internal static class TolerationChecks
{
    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public static void Validate(Field tolerations)
    {
        foreach (var toleration in tolerations.Items)
        {
            toleration["key"].OptionalName(Names.QualifiedName);
            if (toleration["key"].Text.Length == 0 && toleration["operator"].Text != "Exists")
            {
                toleration["operator"].Invalid("operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }

            if (toleration["tolerationSeconds"].IsSet && toleration["effect"].Text != "NoExecute")
            {
                toleration["effect"].Invalid("effect must be 'NoExecute' when `tolerationSeconds` is set");
            }

            Value(toleration["operator"], toleration["value"]);
            if (toleration["effect"].Text.Length > 0)
            {
                toleration["effect"].Known(Effects);
            }
        }
    }

    /// <summary>Taints, each key and effect once. Upstream's path of them is <c>metadata.taints</c>.</summary>
    public static void Taints(Field taints)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var taint in taints.Items)
        {
            taint["key"].Name(Names.QualifiedName);
            if (Names.LabelValue(taint["value"].Text).ToList() is { Count: > 0 } faults)
            {
                taint["value"].Invalid(string.Join(';', faults));
            }

            taint["effect"].OneOf(Effects);
            if (!seen.Add((taint["key"].Text, taint["effect"].Text)))
            {
                taint.Add([new FieldError("FieldValueDuplicate", taint.Path, $"Duplicate value: {GoText.Value(taint.Value)}: taints must be unique by key and effect pair")]);
            }
        }
    }

    private static void Value(Field @operator, Field value)
    {
        switch (@operator.Text)
        {
            case "Equal" or "":
                if (Names.LabelValue(value.Text).ToList() is { Count: > 0 } faults)
                {
                    @operator.InvalidValue(value.Text, string.Join(';', faults));
                }

                break;
            case "Exists":
                if (value.Text.Length > 0)
                {
                    @operator.InvalidValue(value.Text, "value must be empty when `operator` is 'Exists'");
                }

                break;
            default:
                @operator.NotSupported("Equal", "Exists");
                break;
        }
    }
}
