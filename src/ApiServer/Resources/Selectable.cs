using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Resources;

/// <summary>Fields that a field selector may name, when the selector's name is the field's path.</summary>
internal static class Selectable
{
    public static Dictionary<string, Func<JsonObject, string>> Fields(params IEnumerable<string> paths) =>
        paths.ToDictionary(path => path, path => (Func<JsonObject, string>)new FieldPath(path).ReadText);

    /// <summary>The same fields and one more that is computed, or that has a value when it is absent.</summary>
    public static Dictionary<string, Func<JsonObject, string>> And(
        this Dictionary<string, Func<JsonObject, string>> fields, string name, Func<JsonObject, string> read)
    {
        fields[name] = read;
        return fields;
    }
}
