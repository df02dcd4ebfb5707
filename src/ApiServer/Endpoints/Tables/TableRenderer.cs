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
    private static readonly ReadOnlyMemory<byte> RowObject = "],\"object\":"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> RowEnd = "}"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Null = "null"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Rows = "],\"rows\":["u8.ToArray();
    private static readonly ReadOnlyMemory<byte> End = "]}"u8.ToArray();

    /// <param name="resource">Whose columns.</param>
    /// <param name="version">v1 or v1beta1 of meta.k8s.io.</param>
    /// <param name="include">What each row holds of its object.</param>
    /// <param name="objects">The rows.</param>
    /// <param name="metadata">The table's metadata.</param>
    /// <param name="withColumns">False leaves out the definitions: in a watch only the first event has them.</param>
    public List<ReadOnlyMemory<byte>> Render(
        ServedResource resource, string version, IncludeObject include, IReadOnlyList<CachedObject> objects, ListMetadata metadata, bool withColumns = true)
    {
        var columns = resource.Strategy.Columns;
        List<ReadOnlyMemory<byte>> pieces = [Head(version, metadata, withColumns ? columns : []), Rows];
        var now = clock.GetUtcNow();
        for (var i = 0; i < objects.Count; i++)
        {
            if (i > 0)
            {
                pieces.Add(Comma);
            }

            AddRow(pieces, columns, objects[i], version, include, now);
        }

        pieces.Add(End);
        return pieces;
    }

    private static void AddRow(
        List<ReadOnlyMemory<byte>> pieces, IReadOnlyList<TableColumn> columns, CachedObject obj, string version, IncludeObject include, DateTimeOffset now)
    {
        var cells = obj.Rendering(rendered => RenderCells(columns, rendered, now));
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

    private static TableCells RenderCells(IReadOnlyList<TableColumn> columns, CachedObject obj, DateTimeOffset now)
    {
        var parsed = ObjectCodec.Parse(obj.Json.Span);
        return new TableCells(
            [.. columns.Select(column => column.ChangesWithTime ? (ReadOnlyMemory<byte>?)null : RenderCell(column, parsed, now))]);
    }

    private static ReadOnlyMemory<byte> RenderCell(TableColumn column, JsonObject obj, DateTimeOffset now) =>
        column.Value(obj, now) is { } value ? JsonSerializer.SerializeToUtf8Bytes(value, CellOptions) : Null;

    private static readonly JsonSerializerOptions CellOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static ReadOnlyMemory<byte> Head(string version, ListMetadata metadata, IReadOnlyList<TableColumn> columns)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Table"u8);
        writer.WriteString("apiVersion"u8, $"meta.k8s.io/{version}");
        writer.WritePropertyName("metadata"u8);
        writer.WriteRawValue([.. "{\"resourceVersion\":\""u8, .. metadata.ToJson()], skipInputValidation: true);
        writer.WriteStartArray("columnDefinitions"u8);
        foreach (var column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteString("type"u8, column.Type);
            writer.WriteString("format"u8, column.Format);
            writer.WriteString("description"u8, column.Description);
            writer.WriteNumber("priority"u8, column.Priority);
            writer.WriteEndObject();
        }

        // The array is left open: the rows' separator closes it.
        writer.Flush();
        return buffer.WrittenMemory.ToArray();
    }
}
