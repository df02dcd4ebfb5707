using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>One of additionalPrinterColumns.</summary>
/// <param name="Name">The header.</param>
/// <param name="Type">string, integer, number, boolean or date.</param>
/// <param name="Format">An OpenAPI format.</param>
/// <param name="Description">What the client may show as help.</param>
/// <param name="Priority">0 is always shown, others only with -o wide.</param>
/// <param name="Path">The JSONPath of the value, such as <c>.spec.replicas</c>.</param>
internal sealed record PrinterColumn(string Name, string Type, string Format, string Description, int Priority, string Path)
{
    /// <summary>What stands for columns when a definition names none.</summary>
    public static TableColumn Age { get; } = TableColumn.Age with { Type = "date" };

    public TableColumn ToTableColumn()
    {
        var path = JsonPath.TryParse(Path);
        return Type == "date"
            ? TableColumn.OfMoment(Name, obj => Moment(path?.First(obj)), Priority) with { Type = Type, Format = Format, Description = Description }
            : new TableColumn(Name, Type, (obj, _) => path?.First(obj) is { } value ? Cell(value) : null, Priority, Format, Description);
    }

    private JsonNode? Cell(JsonNode value) => Type switch
    {
        "string" => Text(value),
        "integer" => Number(value) is { } number ? JsonValue.Create((long)number) : null,
        "number" => Number(value) is { } number ? JsonValue.Create(number) : null,
        "boolean" => value.BooleanAt() is { } truth ? JsonValue.Create(truth) : null,
        _ => null,
    };

    private static string Text(JsonNode value) => value switch
    {
        JsonValue when value.StringAt() is { } text => text,
        JsonValue when value.BooleanAt() is { } truth => truth ? "true" : "false",
        _ => Encoding.UTF8.GetString(JsonCodec.WriteValue(value)),
    };

    private static double? Number(JsonNode value) => value is JsonValue number && number.GetValueKind() == System.Text.Json.JsonValueKind.Number
        ? number.IntegerAt() is { } whole ? whole : double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture)
        : null;

    private static Func<DateTimeOffset, string?> Moment(JsonNode? value)
    {
        if (value.StringAt() is not { } time)
        {
            return _ => null;
        }

        var isTime = DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
        return isTime ? Ages.Since(time) : _ => "<invalid>";
    }
}
