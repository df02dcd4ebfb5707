using System.Text;

namespace MiniKube.Api.Schema;

/// <summary>The embedded api-fields.tsv, indexed by type. Rows are kept as the bytes of the resource and split when a type is read.</summary>
internal sealed class FieldTable
{
    private const byte Tab = (byte)'\t';

    private readonly byte[] _text;
    private readonly Dictionary<(string Package, string Name), List<Range>> _rows;

    private FieldTable(byte[] text)
    {
        _text = text;
        _rows = Index(text);
    }

    public static FieldTable Embedded => new(ReadResource());

    public IReadOnlyCollection<(string Package, string Name)> Names => _rows.Keys;

    /// <summary>The rows of a type in the order of the table; empty for an unknown type.</summary>
    public IEnumerable<FieldRow> Rows(string package, string name) =>
        _rows.TryGetValue((package, name), out var lines) ? lines.Select(line => FieldRow.Parse(_text.AsSpan(line))) : [];

    private static Dictionary<(string, string), List<Range>> Index(byte[] text)
    {
        var rows = new Dictionary<(string, string), List<Range>>(2000);
        List<Range>? current = null;
        var currentPrefix = ReadOnlySpan<byte>.Empty;
        for (var start = 0; start < text.Length;)
        {
            var rest = text.AsSpan(start);
            var length = rest.IndexOf((byte)'\n');
            length = length < 0 ? rest.Length : length;
            var line = rest[..length];
            if (length > 0 && line[0] != '#')
            {
                // Rows of one type follow each other, so the names are rarely made twice.
                if (current is null || !line.StartsWith(currentPrefix))
                {
                    currentPrefix = line[..PrefixLength(line)];
                    current = ListOf(rows, currentPrefix);
                }

                current.Add(start..(start + length));
            }

            start += length + 1;
        }

        return rows;
    }

    private static int PrefixLength(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf(Tab) + 1;
        return first + line[first..].IndexOf(Tab) + 1;
    }

    private static List<Range> ListOf(Dictionary<(string, string), List<Range>> rows, ReadOnlySpan<byte> prefix)
    {
        var tab = prefix.IndexOf(Tab);
        var key = (string.Intern(Encoding.UTF8.GetString(prefix[..tab])), Encoding.UTF8.GetString(prefix[(tab + 1)..^1]));
        if (!rows.TryGetValue(key, out var list))
        {
            rows[key] = list = [];
        }

        return list;
    }

    private static byte[] ReadResource()
    {
        using var stream = typeof(FieldTable).Assembly.GetManifestResourceStream("api-fields.tsv")
            ?? throw new InvalidOperationException("The table of fields is not embedded.");
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }
}
