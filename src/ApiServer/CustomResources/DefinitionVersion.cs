using System.Text.Json;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>One version of a custom resource, without its schema.</summary>
/// <param name="Name">Such as <c>v1beta1</c>.</param>
/// <param name="IsServed">Whether clients can use it.</param>
/// <param name="IsStored">Whether objects are stored in it.</param>
/// <param name="Deprecation">What its users are warned with, empty for upstream's words; null when it is not deprecated.</param>
/// <param name="HasStatus">Whether status is a subresource.</param>
/// <param name="Scale">Where the scale subresource reads and writes; null when there is none.</param>
/// <param name="SelectableFields">As field selectors name them, such as <c>spec.color</c>.</param>
/// <param name="Columns">Those besides the name; none stands for the age.</param>
internal sealed record DefinitionVersion(
    string Name,
    bool IsServed,
    bool IsStored,
    string? Deprecation,
    bool HasStatus,
    ScalePaths? Scale,
    IReadOnlyList<string> SelectableFields,
    IReadOnlyList<PrinterColumn> Columns)
{
    public static DefinitionVersion Read(JsonElement version)
    {
        var subresources = Property(version, "subresources");
        return new DefinitionVersion(
            version.GetProperty("name").GetString() ?? "",
            version.GetProperty("served").GetBoolean(),
            version.GetProperty("storage").GetBoolean(),
            Property(version, "deprecated").ValueKind == JsonValueKind.True ? Text(version, "deprecationWarning") : null,
            Property(subresources, "status").ValueKind == JsonValueKind.Object,
            Property(subresources, "scale") is { ValueKind: JsonValueKind.Object } scale ? ReadScale(scale) : null,
            [.. Items(version, "selectableFields").Select(field => Text(field, "jsonPath").TrimStart('.'))],
            [.. Items(version, "additionalPrinterColumns").Select(ReadColumn)]);
    }

    private static ScalePaths ReadScale(JsonElement scale) => new(
        Text(scale, "specReplicasPath").TrimStart('.'),
        Text(scale, "statusReplicasPath").TrimStart('.'),
        Text(scale, "labelSelectorPath") is { Length: > 0 } selector ? selector.TrimStart('.') : null);

    private static PrinterColumn ReadColumn(JsonElement column) => new(
        Text(column, "name"),
        Text(column, "type"),
        Text(column, "format"),
        Text(column, "description"),
        Property(column, "priority") is { ValueKind: JsonValueKind.Number } priority ? priority.GetInt32() : 0,
        Text(column, "jsonPath"));

    private static JsonElement Property(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : default;

    private static string Text(JsonElement owner, string name) =>
        Property(owner, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : "";

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string name) =>
        Property(owner, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;
}
