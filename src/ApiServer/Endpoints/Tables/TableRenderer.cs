using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>
/// Writes lists and objects as Tables. The cells of an object version are made once and kept with it; only those that change with time are made again, and
/// only for them is the object parsed.
/// </summary>
internal sealed class TableRenderer(TimeProvider clock)
{
    private static readonly ReadOnlyMemory<byte> RowStart = "{\"cells\":["u8.ToArray();
    private static readonly ReadOnlyMemory<byte> RowConditions = "],\"conditions\":"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> CellsEnd = "]"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> RowObject = ",\"object\":"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> RowEnd = "}"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Null = "null"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Rows = "],\"rows\":["u8.ToArray();
    private static readonly ReadOnlyMemory<byte> End = "]}"u8.ToArray();

    private readonly ColumnDescriptions _descriptions = new();

    /// <param name="resource">Whose columns.</param>
    /// <param name="version">v1 or v1beta1 of meta.k8s.io.</param>
    /// <param name="include">What each row holds of its object.</param>
    /// <param name="objects">The rows.</param>
    /// <param name="metadata">The table's metadata.</param>
    /// <param name="withColumns">False leaves out the definitions: in a watch only the first event has them.</param>
    public List<ReadOnlyMemory<byte>> Render(
        ServedResource resource, string version, IncludeObject include, IReadOnlyList<CachedObject> objects, ListMetadata metadata, bool withColumns = true)
    {
        var strategy = resource.Strategy;
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
        var columns = strategy.Columns;
        var cells = obj.Rendering(rendered => RenderCells(strategy, rendered, now));
        JsonObject? parsed = null;
        pieces.Add(RowStart);
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0)
            {
                pieces.Add(Comma);
            }

            pieces.Add(cells.Cells[i] ?? RenderCell(columns[i], parsed ??= ObjectCodec.Parse(obj.Json.Span), now));
        }

        if (cells.Conditions is { } conditions)
        {
            pieces.Add(RowConditions);
            pieces.Add(conditions);
        }
        else
        {
            pieces.Add(CellsEnd);
        }

        pieces.Add(RowObject);
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

    private static TableCells RenderCells(ResourceStrategy strategy, CachedObject obj, DateTimeOffset now)
    {
        var parsed = ObjectCodec.Parse(obj.Json.Span);
        return new TableCells(
            [.. strategy.Columns.Select(column => column.ChangesWithTime ? (ReadOnlyMemory<byte>?)null : RenderCell(column, parsed, now))],
            strategy.RowConditions(parsed) is { } conditions ? (ReadOnlyMemory<byte>?)JsonSerializer.SerializeToUtf8Bytes(conditions, CellOptions) : null);
    }

    private static ReadOnlyMemory<byte> RenderCell(TableColumn column, JsonObject obj, DateTimeOffset now) =>
        column.Value(obj, now) is { } value ? JsonSerializer.SerializeToUtf8Bytes(value, CellOptions) : Null;

    private static readonly JsonSerializerOptions CellOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
