using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>One column of a Table answer.</summary>
/// <param name="Name">The header as upstream prints it before upper-casing, such as <c>Ready</c>.</param>
/// <param name="Type">string, integer, number, boolean or date.</param>
/// <param name="Value">Reads the cell from the object; now is given for ages.</param>
/// <param name="Priority">0 is always shown, 1 only with -o wide.</param>
/// <param name="Format">An OpenAPI format; <c>name</c> marks the name column.</param>
/// <param name="Description">What the client may show as help.</param>
public sealed record TableColumn(
    string Name,
    string Type,
    Func<JsonObject, DateTimeOffset, JsonNode?> Value,
    int Priority = 0,
    string Format = "",
    string Description = "")
{
    /// <summary>
    /// Of a cell that is another one some seconds later: reads the object, once a version, and returns what makes the cell for a moment. Null for columns whose
    /// cells stay the same.
    /// </summary>
    public Func<JsonObject, Func<DateTimeOffset, JsonNode?>>? Live { get; private init; }

    /// <summary>The field of the kind, as a dotted path, whose documentation describes the column; null for a column that has a description of its own.</summary>
    public string? DescribedBy { get; init; }

    public static TableColumn NameColumn { get; } =
        new("Name", "string", (obj, _) => obj.StringAt("metadata", "name") ?? "", 0, "name") { DescribedBy = "metadata.name" };

    public static TableColumn Age { get; } =
        OfMoment("Age", obj => Ages.Since(obj.StringAt("metadata", "creationTimestamp"))) with { DescribedBy = "metadata.creationTimestamp" };

    /// <summary>The creation time itself.</summary>
    public static TableColumn CreatedAt { get; } =
        new("Created At", "date", (obj, _) => obj.StringAt("metadata", "creationTimestamp") ?? "") { DescribedBy = "metadata.creationTimestamp" };

    /// <summary>A text that is another one some seconds later.</summary>
    public static TableColumn OfMoment(string name, Func<JsonObject, Func<DateTimeOffset, string?>> read, int priority = 0) =>
        new(name, "string", (obj, now) => read(obj)(now), priority)
        {
            Live = obj =>
            {
                var cell = read(obj);
                return now => cell(now);
            },
        };

    /// <summary>Name and creation time: what upstream shows of a kind without columns of its own.</summary>
    public static IReadOnlyList<TableColumn> Standard { get; } = [NameColumn, CreatedAt];
}
