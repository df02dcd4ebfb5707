using System.Globalization;
using System.Text.RegularExpressions;

using k8s.Models;

namespace MiniKube.Kubelet;

/// <summary>How upstream's flags write lists, labels, taints and durations.</summary>
internal static partial class FlagText
{
    public static string[] Split(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary><c>key=value,key=value</c>.</summary>
    public static IReadOnlyDictionary<string, string> ParseLabels(string? text) =>
        Split(text).Select(label => label.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "");

    /// <summary><c>key=value:Effect</c> or <c>key:Effect</c>.</summary>
    public static V1Taint ParseTaint(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            throw new FormatException($"invalid taint \"{text}\": it is <key>=<value>:<effect>");
        }

        var pair = text[..colon].Split('=', 2);
        return new V1Taint { Key = pair[0], Value = pair.Length > 1 ? pair[1] : null, Effect = text[(colon + 1)..] };
    }

    /// <summary>Durations in Go's form: <c>10s</c>, <c>1m30s</c>, <c>500ms</c>.</summary>
    public static TimeSpan ParseDuration(string? text)
    {
        var total = TimeSpan.Zero;
        var end = 0;
        foreach (Match part in DurationPart().Matches(text ?? ""))
        {
            var number = double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            total += part.Groups[2].Value switch
            {
                "h" => TimeSpan.FromHours(number),
                "m" => TimeSpan.FromMinutes(number),
                "s" => TimeSpan.FromSeconds(number),
                _ => TimeSpan.FromMilliseconds(number),
            };
            end = part.Index + part.Length;
        }

        return end > 0 && end == text?.Length ? total : throw new FormatException($"invalid duration \"{text}\"");
    }

    [GeneratedRegex(@"\G([0-9]+(?:\.[0-9]+)?)(ms|h|m|s)", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPart();
}
