using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources;

/// <summary>A place in an object written with dots, such as <c>spec.nodeName</c>.</summary>
internal sealed class FieldPath(string path)
{
    private readonly string[] _steps = path.Split('.');

    public JsonNode? Read(JsonObject obj) => obj.At(_steps);

    /// <summary>The scalar as a field selector and a column show it; empty when it is absent.</summary>
    public string ReadText(JsonObject obj) => Text(Read(obj));

    public static string Text(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => Convert.ToString(node.GetValue<object>(), CultureInfo.InvariantCulture) ?? "",
        _ => "",
    };
}
