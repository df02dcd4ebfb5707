using System.Globalization;
using System.Text;

namespace MiniKube.Api.Schema;

/// <summary>
/// One row of the table of fields. The name is the JSON name, one of the markers below, or empty for a fact about the whole type; the protobuf type
/// is as the .proto file has it (<c>repeated Container</c>), empty where there is none.
/// </summary>
internal sealed record FieldRow(string Name, int Number, string GoType, string ProtobufType, IReadOnlyDictionary<string, string> Facts)
{
    public const string Inline = "<inline>";
    public const string Alias = "<alias>";
    public const string Special = "<special>";

    public static FieldRow Parse(ReadOnlySpan<byte> line)
    {
        var columns = Encoding.UTF8.GetString(line).Split('\t');
        return new FieldRow(
            columns[2],
            columns[3].Length == 0 ? 0 : int.Parse(columns[3], CultureInfo.InvariantCulture),
            columns[4],
            columns[5] == "-" ? "" : columns[5],
            ParseFacts(columns[6]));
    }

    public string? Fact(string name) => Facts.GetValueOrDefault(name);

    public bool Is(string fact) => Facts.ContainsKey(fact);

    // "always default="TCP" optional": a word is a fact, what follows its equals sign the value.
    private static Dictionary<string, string> ParseFacts(string text)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            facts[equals < 0 ? word : word[..equals]] = equals < 0 ? "" : word[(equals + 1)..];
        }

        return facts;
    }
}
