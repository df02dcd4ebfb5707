using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniKube.Kubelet.Tests.Specs;

/// <summary>Reads the suite's YAML, and compares what it expects with what is. Pure.</summary>
internal static class SpecYaml
{
    public static YamlNode? At(this YamlNode node, string key) => node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public static string Text(this YamlNode? node) => (node as YamlScalarNode)?.Value ?? "";

    public static IEnumerable<(string Key, YamlNode Value)> Fields(this YamlNode? node) =>
        node is YamlMappingNode map ? map.Children.Select(entry => (entry.Key.Text(), entry.Value)) : [];

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => node is YamlSequenceNode list ? list.Children : [];

    /// <summary>As JSON: what is quoted is text, the rest what it looks like.</summary>
    public static JsonNode? ToJson(YamlNode node, Func<string, string> replace) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(entry => KeyValuePair.Create(entry.Key.Text(), ToJson(entry.Value, replace)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(item => ToJson(item, replace))]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } plain when long.TryParse(plain.Value, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "null" } => null,
        _ => replace(node.Text()),
    };

    /// <summary>
    /// What is not as expected, or null. Of an object the named fields count, of a list the items of the same name or type; <c>list/0</c> is an item by its place,
    /// <c>absent</c> what is not to be there, and text after <c>~</c> a regular expression.
    /// </summary>
    public static string? Mismatch(YamlNode expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case YamlMappingNode:
                return expected.Fields().Select(field => Mismatch(field.Value, Child(actual, field.Key), $"{path}.{field.Key}")).FirstOrDefault(problem => problem is not null);
            case YamlSequenceNode list:
                return list.Children.Select((item, i) => Mismatch(Required(item), Item(actual as JsonArray, item, i), $"{path}[{Key(item) ?? i.ToString(CultureInfo.InvariantCulture)}]"))
                    .FirstOrDefault(problem => problem is not null);
            default:
                var (wanted, found) = (expected.Text(), Shown(actual));
                return wanted == "absent" ? actual is null ? null : $"{path} is there: {actual.ToJsonString()}"
                    : IsMatch(wanted, found) ? null
                    : $"{path} is {found ?? "absent"} and not {wanted}";
        }
    }

    /// <summary>The same text or, after <c>~</c>, what the expression matches.</summary>
    public static bool IsMatch(string wanted, string? found) =>
        found is not null && (wanted.StartsWith('~') ? Regex.IsMatch(found, wanted[1..], RegexOptions.CultureInvariant) : found == wanted);

    // An item of which only the absence is expected is found by its name, which is then not to be looked for.
    private static YamlNode Required(YamlNode item) =>
        item.Fields().Any(field => field.Value.Text() == "absent") && Key(item) is not null
            ? new YamlMappingNode(item.Fields().Where(field => field.Key is not ("name" or "type")).SelectMany(field => new[] { new YamlScalarNode(field.Key), field.Value }))
            : item;

    private static string? Key(YamlNode item) => item.At("name")?.Text() ?? item.At("type")?.Text();

    private static JsonNode? Child(JsonNode? actual, string key)
    {
        var parts = key.Split('/');
        var child = (actual as JsonObject)?[parts[0]];
        return parts.Length == 1 ? child : child is JsonArray list && int.Parse(parts[1], CultureInfo.InvariantCulture) is var index && index < list.Count ? list[index] : null;
    }

    private static JsonNode? Item(JsonArray? actual, YamlNode expected, int index) => Key(expected) is { } key
        ? actual?.FirstOrDefault(item => (string?)item?["name"] == key || (string?)item?["type"] == key)
        : index < actual?.Count ? actual[index] : null;

    private static string? Shown(JsonNode? value) => value switch
    {
        null => null,
        JsonValue scalar when scalar.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(),
    };
}
