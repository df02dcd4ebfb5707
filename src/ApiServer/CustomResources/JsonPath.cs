using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>
/// The JSONPath of columns, as kubectl knows it: fields, indexes and slices, <c>*</c>, recursive descent, and filters that compare. What is not there is no
/// result.
/// </summary>
internal sealed class JsonPath
{
    private readonly IReadOnlyList<Func<JsonNode, IEnumerable<JsonNode>>> _steps;

    private JsonPath(IReadOnlyList<Func<JsonNode, IEnumerable<JsonNode>>> steps) => _steps = steps;

    /// <summary>Null for what is no path.</summary>
    public static JsonPath? TryParse(string text)
    {
        try
        {
            return new JsonPath(Parse(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public JsonNode? First(JsonNode root) => Find(root).FirstOrDefault();

    private IEnumerable<JsonNode> Find(JsonNode root)
    {
        IEnumerable<JsonNode> found = [root];
        foreach (var step in _steps)
        {
            found = found.SelectMany(step);
        }

        return found;
    }

    private static List<Func<JsonNode, IEnumerable<JsonNode>>> Parse(string text)
    {
        var steps = new List<Func<JsonNode, IEnumerable<JsonNode>>>();
        for (var at = text.StartsWith('$') ? 1 : 0; at < text.Length;)
        {
            if (text[at] == '[')
            {
                var end = EndOfBracket(text, at);
                steps.Add(Bracket(text[(at + 1)..end].Trim()));
                at = end + 1;
                continue;
            }

            if (text[at] != '.')
            {
                throw new FormatException($"unrecognized character in action: {text[at]}");
            }

            if (at + 1 < text.Length && text[at + 1] == '.')
            {
                steps.Add(Descend);
                at++;
            }

            at = Field(text, at + 1, steps);
        }

        return steps;
    }

    private static int Field(string text, int at, List<Func<JsonNode, IEnumerable<JsonNode>>> steps)
    {
        var name = new System.Text.StringBuilder();
        for (; at < text.Length && text[at] is not ('.' or '['); at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            name.Append(text[at]);
        }

        if (name.Length > 0)
        {
            var field = name.ToString();
            steps.Add(field == "*" ? Children : node => Named(node, field));
        }

        return at;
    }

    private static int EndOfBracket(string text, int start)
    {
        char? quote = null;
        var depth = 0;
        for (var at = start; at < text.Length; at++)
        {
            var character = text[at];
            if (quote is not null)
            {
                quote = character == quote ? null : quote;
            }
            else if (character is '\'' or '"')
            {
                quote = character;
            }
            else if (character == '[')
            {
                depth++;
            }
            else if (character == ']' && --depth == 0)
            {
                return at;
            }
        }

        throw new FormatException("unterminated array");
    }

    private static Func<JsonNode, IEnumerable<JsonNode>> Bracket(string content)
    {
        if (content == "*")
        {
            return Children;
        }

        if (content.StartsWith("?(", StringComparison.Ordinal) && content.EndsWith(')'))
        {
            var filter = Filter(content[2..^1].Trim());
            return node => Children(node).Where(filter);
        }

        if (content.Length >= 2 && content[0] is '\'' or '"' && content[^1] == content[0])
        {
            var name = content[1..^1];
            return node => Named(node, name);
        }

        var bounds = content.Split(':');
        return bounds.Length == 1 && Number(bounds[0]) is { } index
            ? node => Indexed(node, index)
            : bounds.Length is 2 or 3
                ? node => Slice(node, Number(bounds[0]), Number(bounds[1]), bounds.Length > 2 ? Number(bounds[2]) ?? 1 : 1)
                : throw new FormatException($"invalid array index {content}");
    }

    private static Func<JsonNode, bool> Filter(string expression)
    {
        foreach (var comparison in (string[])["==", "!=", "<=", ">=", "<", ">"])
        {
            var at = expression.IndexOf(comparison, StringComparison.Ordinal);
            if (at > 0)
            {
                var left = Operand(expression[..at].Trim());
                var right = Operand(expression[(at + comparison.Length)..].Trim());
                return node => Compare(left(node), comparison, right(node));
            }
        }

        var exists = Operand(expression);
        return node => exists(node) is not null;
    }

    private static Func<JsonNode, JsonNode?> Operand(string text)
    {
        if (text.StartsWith('@'))
        {
            var path = new JsonPath(Parse(text[1..]));
            return path.First;
        }

        var constant = text.Length >= 2 && text[0] is '\'' or '"' && text[^1] == text[0] ? JsonValue.Create(text[1..^1])
            : bool.TryParse(text, out var truth) ? JsonValue.Create(truth)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (JsonNode)JsonValue.Create(number)
            : throw new FormatException($"invalid operand {text}");
        return _ => constant;
    }

    private static bool Compare(JsonNode? left, string comparison, JsonNode? right)
    {
        if (left is null || right is null)
        {
            return false;
        }

        var order = AsNumber(left) is { } a && AsNumber(right) is { } b
            ? a.CompareTo(b)
            : string.CompareOrdinal(GoText.Value(left), GoText.Value(right));
        return comparison switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<=" => order <= 0,
            ">=" => order >= 0,
            "<" => order < 0,
            _ => order > 0,
        };
    }

    private static double? AsNumber(JsonNode node) => node.GetValueKind() == System.Text.Json.JsonValueKind.Number
        ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture)
        : null;

    private static int? Number(string text) => text.Trim() is { Length: > 0 } digits
        ? int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"invalid array index {text}")
        : null;

    private static IEnumerable<JsonNode> Named(JsonNode node, string name) => node.At(name) is { } value ? [value] : [];

    private static IEnumerable<JsonNode> Indexed(JsonNode node, int index) =>
        node is JsonArray array && (index < 0 ? index + array.Count : index) is var at && at >= 0 && at < array.Count && array[at] is { } item ? [item] : [];

    private static IEnumerable<JsonNode> Slice(JsonNode node, int? from, int? to, int step)
    {
        if (node is not JsonArray array || step <= 0)
        {
            yield break;
        }

        var start = from is < 0 ? Math.Max(0, from.Value + array.Count) : from ?? 0;
        var end = Math.Min(to is < 0 ? to.Value + array.Count : to ?? array.Count, array.Count);
        for (var at = start; at < end; at += step)
        {
            if (array[at] is { } item)
            {
                yield return item;
            }
        }
    }

    private static IEnumerable<JsonNode> Children(JsonNode node) => node switch
    {
        JsonObject obj => obj.Select(field => field.Value).OfType<JsonNode>(),
        JsonArray array => array.OfType<JsonNode>(),
        _ => [],
    };

    private static IEnumerable<JsonNode> Descend(JsonNode node) => Children(node).SelectMany(Descend).Prepend(node);
}
