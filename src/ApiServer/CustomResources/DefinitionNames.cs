using System.Text.Json;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>How a custom resource is called.</summary>
internal sealed record DefinitionNames(
    string Plural, string Singular, string Kind, string ListKind, IReadOnlyList<string> ShortNames, IReadOnlyList<string> Categories)
{
    public static DefinitionNames Read(JsonElement names) => new(
        names.GetProperty("plural").GetString() ?? "",
        Text(names, "singular"),
        names.GetProperty("kind").GetString() ?? "",
        Text(names, "listKind"),
        List(names, "shortNames"),
        List(names, "categories"));

    private static string Text(JsonElement names, string name) => names.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static IReadOnlyList<string> List(JsonElement names, string name) =>
        names.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.GetString() ?? "")]
            : [];
}
