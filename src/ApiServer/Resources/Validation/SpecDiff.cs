using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>
/// What differs between two objects, for people to read: laid out as Go's cmp.Diff does (<c>-</c> before, <c>+</c> after, runs of what is the same in one line). It
/// differs from upstream's text in that fields have their names in JSON and lists no type names: the server knows objects as JSON only.
/// </summary>
internal static class SpecDiff
{
    public static string Of(string type, JsonNode? before, JsonNode? after)
    {
        var text = new StringBuilder();
        Write(text, type, before, after, depth: 0, end: "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, string label, JsonNode? before, JsonNode? after, int depth, string end)
    {
        switch (before, after)
        {
            case (JsonObject old, JsonObject @new):
                Line(text, ' ', depth, label + "{");
                Members(text, old.Select(field => field.Key).Union(@new.Select(field => field.Key)).Order(StringComparer.Ordinal), "fields", depth, name =>
                    (name + ": ", old[name], @new[name]));
                Line(text, ' ', depth, "}" + end);
                break;
            case (JsonArray old, JsonArray @new):
                Line(text, ' ', depth, label + "{");
                Members(text, Enumerable.Range(0, Math.Max(old.Count, @new.Count)), "elements", depth, index =>
                    ("", index < old.Count ? old[index] : null, index < @new.Count ? @new[index] : null));
                Line(text, ' ', depth, "}" + end);
                break;
            default:
                Side(text, '-', label, before, depth, isObject: label.Length == 0);
                Side(text, '+', label, after, depth, isObject: label.Length == 0);
                break;
        }
    }

    private static void Members<T>(StringBuilder text, IEnumerable<T> members, string what, int depth, Func<T, (string Label, JsonNode? Before, JsonNode? After)> read)
    {
        var same = 0;
        foreach (var member in members)
        {
            var (label, before, after) = read(member);
            if (JsonNode.DeepEquals(before, after))
            {
                same++;
                continue;
            }

            Same(text, ref same, what, depth + 1);
            Write(text, label, before, after, depth + 1, ",");
        }

        Same(text, ref same, what, depth + 1);
    }

    private static void Same(StringBuilder text, ref int count, string what, int depth)
    {
        if (count > 0)
        {
            Line(text, ' ', depth, $"... // {count} identical {(count == 1 ? what[..^1] : what)}");
            count = 0;
        }
    }

    // A member of a list that is not there at all has no line; a field that is not set is nil.
    private static void Side(StringBuilder text, char sign, string label, JsonNode? value, int depth, bool isObject)
    {
        if (value is not null || !isObject)
        {
            Line(text, sign, depth, $"{label}{(value is null ? "nil" : GoText.Value(value))},");
        }
    }

    private static void Line(StringBuilder text, char sign, int depth, string line) => text.Append(sign).Append(' ').Append('\t', depth).Append(line).Append('\n');
}
