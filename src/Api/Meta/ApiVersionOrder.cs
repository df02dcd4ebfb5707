using System.Globalization;

namespace MiniKube.Api.Meta;

/// <summary>The order of versions: v2, v1, v2beta1, v1beta2, v1alpha1, then other names by the alphabet (upstream's version priority).</summary>
public sealed class ApiVersionOrder : IComparer<string>
{
    private static readonly string[] Stages = ["alpha", "beta"];

    /// <summary>The version that clients should prefer comes first.</summary>
    public static ApiVersionOrder PreferredFirst { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Parse(x ?? ""), Parse(y ?? ""));
        return (left, right) switch
        {
            (null, null) => string.CompareOrdinal(x, y),
            (null, _) => 1,
            (_, null) => -1,
            _ => right.Value.CompareTo(left.Value),
        };
    }

    // Compared in this order: released before beta before alpha, then the larger numbers.
    private static (int Stage, int Major, int Minor)? Parse(string version)
    {
        if (!version.StartsWith('v'))
        {
            return null;
        }

        for (var stage = 0; stage < Stages.Length; stage++)
        {
            var at = version.IndexOf(Stages[stage], StringComparison.Ordinal);
            if (at > 0)
            {
                return Number(version[1..at]) is { } major && Number(version[(at + Stages[stage].Length)..]) is { } minor ? (stage, major, minor) : null;
            }
        }

        return Number(version[1..]) is { } released ? (Stages.Length, released, 0) : null;
    }

    private static int? Number(string text) =>
        text is [not '0', ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
