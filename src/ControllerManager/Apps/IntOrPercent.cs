using System.Globalization;

using k8s.Models;

namespace MiniKube.ControllerManager.Apps;

/// <summary>A number, or a percentage of a total. Validation has seen that it is one of them.</summary>
internal static class IntOrPercent
{
    public static int Of(IntOrString? value, int total, bool roundUp)
    {
        var text = value?.Value ?? "0";
        if (!text.EndsWith('%'))
        {
            return int.Parse(text, CultureInfo.InvariantCulture);
        }

        var scaled = double.Parse(text.AsSpan(0, text.Length - 1), NumberStyles.Integer, CultureInfo.InvariantCulture) * total / 100;
        return (int)(roundUp ? Math.Ceiling(scaled) : Math.Floor(scaled));
    }
}
