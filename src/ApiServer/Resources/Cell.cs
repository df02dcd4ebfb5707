using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources;

/// <summary>Columns that kinds have in common (upstream's internalversion printers).</summary>
internal static class Cell
{
    public const string None = "<none>";
    public const string Unset = "<unset>";

    private const string TemplateSpec = "spec.template.spec";

    /// <summary>A string field; <paramref name="absent"/> stands for one that is absent or empty.</summary>
    public static TableColumn Text(string name, string path, int priority = 0, string absent = "")
    {
        var field = new FieldPath(path);
        return Text(name, obj => field.ReadText(obj) is { Length: > 0 } text ? text : absent, priority) with { DescribedBy = path };
    }

    public static TableColumn Text(string name, Func<JsonObject, string> read, int priority = 0, string description = "") =>
        new(name, "string", (obj, _) => read(obj), priority, "", description);

    /// <summary>A cell that is another one some seconds later.</summary>
    public static TableColumn Timed(string name, Func<JsonObject, Func<DateTimeOffset, string>> read, int priority = 0) =>
        TableColumn.OfMoment(name, read, priority);

    /// <summary>A number field; absent is 0. Upstream calls some of these columns strings though their cells are numbers.</summary>
    public static TableColumn Number(string name, string path, string type = "integer")
    {
        var field = new FieldPath(path);
        return Number(name, obj => field.Read(obj).IntegerAt() ?? 0, type) with { DescribedBy = path };
    }

    /// <summary>A number field in a column of texts, which says something else when it is absent.</summary>
    public static TableColumn NumberOr(string name, string path, string absent)
    {
        var field = new FieldPath(path);
        return new TableColumn(name, "string", (obj, _) => field.Read(obj)?.DeepClone() ?? absent) { DescribedBy = path };
    }

    public static TableColumn Number(string name, Func<JsonObject, long> read, string type = "integer", int priority = 0) =>
        new(name, type, (obj, _) => read(obj), priority);

    /// <summary>A boolean field; absent is <paramref name="absent"/>.</summary>
    public static TableColumn Boolean(string name, string path, bool absent = false)
    {
        var field = new FieldPath(path);
        return new(name, "boolean", (obj, _) => field.Read(obj) is JsonValue value && value.TryGetValue<bool>(out var truth) ? truth : absent) { DescribedBy = path };
    }

    /// <summary>How many entries a list or map has.</summary>
    public static TableColumn Count(string name, string path, string type = "integer")
    {
        var field = new FieldPath(path);
        return Number(name, obj => CountOf(field.Read(obj)), type) with { DescribedBy = path };
    }

    /// <summary>Containers and Images of a pod template, for -o wide.</summary>
    public static IEnumerable<TableColumn> OfTemplate(string templateSpec = TemplateSpec, int priority = 1)
    {
        var spec = new FieldPath(templateSpec);
        yield return Text("Containers", obj => OfContainers(spec.Read(obj), "name"), priority, "Names of each container in the template.");
        yield return Text("Images", obj => OfContainers(spec.Read(obj), "image"), priority, "Images referenced by each container in the template.");
    }

    /// <summary>A selector: a plain map, or one with matchLabels and matchExpressions.</summary>
    public static TableColumn Selector(string name, string path, int priority = 1)
    {
        var field = new FieldPath(path);
        return Text(name, obj => SelectorText.Of(field.Read(obj)), priority) with { DescribedBy = path };
    }

    /// <summary>The first three of many, and how many more there are.</summary>
    public static string FirstOf(IReadOnlyCollection<string> all, string none)
    {
        const int Shown = 3;
        var text = string.Join(',', all.Take(Shown));
        return all.Count > Shown ? $"{text} + {all.Count - Shown} more..." : text.Length == 0 ? none : text;
    }

    public static int CountOf(JsonNode? node) => node switch
    {
        JsonArray list => list.Count,
        JsonObject map => map.Count,
        _ => 0,
    };

    private static string OfContainers(JsonNode? spec, string field) =>
        string.Join(',', spec.ObjectsAt("containers").Select(container => container.StringAt(field) ?? ""));
}
