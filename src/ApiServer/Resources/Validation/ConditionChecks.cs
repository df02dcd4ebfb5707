using System.Text.RegularExpressions;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Conditions of the common type (metav1.Condition).</summary>
internal static partial class ConditionChecks
{
    private const int LongestReason = 1024;
    private const int LongestMessage = 32768;
    private const string Reason = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";

    public static void Validate(Field conditions)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (var condition in conditions.Items)
        {
            var type = condition["type"];
            type.Name(Names.QualifiedName);
            if (!types.Add(type.Text))
            {
                type.Duplicate(type.Text);
            }

            condition["status"].Known("False", "True", "Unknown");
            if (condition["observedGeneration"].Number < 0)
            {
                condition["observedGeneration"].Invalid("must be greater than or equal to zero");
            }

            if (!condition["lastTransitionTime"].IsSet)
            {
                condition["lastTransitionTime"].Required("must be set");
            }

            CheckReason(condition["reason"]);
            if (condition["message"].Text.Length > LongestMessage)
            {
                condition["message"].TooLong(LongestMessage);
            }
        }
    }

    private static void CheckReason(Field reason)
    {
        if (reason.Text.Length == 0)
        {
            reason.Required("must be set");
        }
        else if (reason.Text.Length > LongestReason)
        {
            reason.TooLong(LongestReason);
        }
        else if (!Pattern().IsMatch(reason.Text))
        {
            reason.Invalid(Names.Rule(
                "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
                Reason,
                "my_name",
                "MY_NAME",
                "MyName",
                "ReasonA,ReasonB",
                "ReasonA:ReasonB"));
        }
    }

    [GeneratedRegex(@"\A" + Reason + @"\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
