using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>
/// Writes lists and objects as Tables. The row of an object version is made once and kept with it, but for the cells that change with time: of those, what they
/// are made of.
/// </summary>
internal sealed class TableRenderer(TimeProvider clock)
{
    private static readonly JsonSerializerOptions CellOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly ReadOnlyMemory<byte> RowEnd = "}"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Null = "null"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Rows = "],\"rows\":["u8.ToArray();
    private static readonly ReadOnlyMemory<byte> End = "]}"u8.ToArray();

    private static ReadOnlySpan<byte> RowStart => "{\"cells\":["u8;

    private static ReadOnlySpan<byte> CellsEnd => "]"u8;

    private static ReadOnlySpan<byte> Conditions => ",\"conditions\":"u8;

    private static ReadOnlySpan<byte> RowObject => ",\"object\":"u8;

    private readonly ColumnDescriptions _descriptions = new();

    /// <param name="strategy">Whose columns.</param>
    /// <param name="version">v1 or v1beta1 of meta.k8s.io.</param>
    /// <param name="include">What each row holds of its object.</param>
    /// <param name="objects">The rows.</param>
    /// <param name="metadata">The table's metadata.</param>
    /// <param name="withColumns">False leaves out the definitions: in a watch only the first event has them.</param>
    public List<ReadOnlyMemory<byte>> Render(
        ResourceStrategy strategy, string version, IncludeObject include, IReadOnlyList<CachedObject> objects, ListMetadata metadata, bool withColumns = true)
    {
        if (strategy.RowPrecedence is { } precedence)
        {
            objects = [.. objects.OrderBy(obj => precedence(ObjectCodec.Parse(obj.Json.Span)))];
        }

        List<ReadOnlyMemory<byte>> pieces = [Head(version, metadata, withColumns ? strategy : null), Rows];
        var now = clock.GetUtcNow();
        for (var i = 0; i < objects.Count; i++)
        {
            if (i > 0)
            {
                pieces.Add(Comma);
            }

            AddRow(pieces, strategy, objects[i], version, include, now);
        }

        pieces.Add(End);
        return pieces;
    }

    private static void AddRow(
        List<ReadOnlyMemory<byte>> pieces, ResourceStrategy strategy, CachedObject obj, string version, IncludeObject include, DateTimeOffset now)
    {
        var row = obj.Rendering(rendered => RenderRow(strategy, rendered));
        for (var i = 0; i < row.Texts.Count; i++)
        {
            pieces.Add(row.Texts[i]);
            if (i < row.Live.Count)
            {
                pieces.Add(ToJson(row.Live[i](now)));
            }
        }

        switch (include)
        {
            case IncludeObject.Metadata:
                pieces.Add(PartialMetadata.Head(version));
                pieces.Add(obj.Bytes.Metadata);
                pieces.Add(PartialMetadata.Tail);
                break;
            case IncludeObject.Object:
                pieces.Add(obj.Json);
                break;
            default:
                pieces.Add(Null);
                break;
        }

        pieces.Add(RowEnd);
    }

    private static TableRow RenderRow(ResourceStrategy strategy, CachedObject obj)
    {
        var parsed = ObjectCodec.Parse(obj.Json.Span);
        var texts = new List<ReadOnlyMemory<byte>>();
        var live = new List<Func<DateTimeOffset, JsonNode?>>();
        var text = new ArrayBufferWriter<byte>();
        text.Write(RowStart);
        for (var i = 0; i < strategy.Columns.Count; i++)
        {
            if (i > 0)
            {
                text.Write(","u8);
            }

            if (strategy.Columns[i].Live is { } bind)
            {
                texts.Add(text.WrittenSpan.ToArray());
                text.Clear();
                live.Add(bind(parsed));
            }
            else
            {
                text.Write(ToJson(strategy.Columns[i].Value(parsed, default)));
            }
        }

        text.Write(CellsEnd);
        if (strategy.RowConditions(parsed) is { } conditions)
        {
            text.Write(Conditions);
            text.Write(ToJson(conditions));
        }

        text.Write(RowObject);
        texts.Add(text.WrittenSpan.ToArray());
        return new TableRow(texts, live);
    }

    private static byte[] ToJson(JsonNode? value) => JsonSerializer.SerializeToUtf8Bytes(value, CellOptions);

    private ReadOnlyMemory<byte> Head(string version, ListMetadata metadata, ResourceStrategy? strategy)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Table"u8);
        writer.WriteString("apiVersion"u8, $"meta.k8s.io/{version}");
        writer.WritePropertyName("metadata"u8);
        writer.WriteRawValue([.. "{\"resourceVersion\":\""u8, .. metadata.ToJson()], skipInputValidation: true);
        writer.WriteStartArray("columnDefinitions"u8);
        foreach (var (column, description) in strategy is null ? [] : strategy.Columns.Zip(_descriptions.Of(strategy)))
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteString("type"u8, column.Type);
            writer.WriteString("format"u8, column.Format);
            writer.WriteString("description"u8, description);
            writer.WriteNumber("priority"u8, column.Priority);
            writer.WriteEndObject();
        }

        // The array is left open: the rows' separator closes it.
        writer.Flush();
        return buffer.WrittenMemory.ToArray();
    }
}
