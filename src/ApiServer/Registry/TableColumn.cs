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
    /// <summary>Whether the cell depends on now: such cells are made for every answer, all others once an object version.</summary>
    public bool ChangesWithTime { get; init; }

    /// <summary>The field of the kind, as a dotted path, whose documentation describes the column; null for a column that has a description of its own.</summary>
    public string? DescribedBy { get; init; }

    public static TableColumn NameColumn { get; } =
        new("Name", "string", (obj, _) => obj.StringAt("metadata", "name") ?? "", 0, "name") { DescribedBy = "metadata.name" };

    public static TableColumn Age { get; } =
        new("Age", "string", (obj, now) => Ages.Since(obj.StringAt("metadata", "creationTimestamp"), now))
        {
            ChangesWithTime = true,
            DescribedBy = "metadata.creationTimestamp",
        };

    /// <summary>The creation time itself.</summary>
    public static TableColumn CreatedAt { get; } =
        new("Created At", "date", (obj, _) => obj.StringAt("metadata", "creationTimestamp") ?? "") { DescribedBy = "metadata.creationTimestamp" };

    /// <summary>Name and creation time: what upstream shows of a kind without columns of its own.</summary>
    public static IReadOnlyList<TableColumn> Standard { get; } = [NameColumn, CreatedAt];
}
