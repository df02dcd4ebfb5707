using System.Buffers.Text;
using System.Text.Json;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// An object as it is served, and where its parts are. Stored values have no resourceVersion; it is put in where upstream writes it (after the uid),
/// by copying bytes: nothing is parsed into objects and written again.
/// </summary>
internal sealed class ObjectBytes
{
    private readonly int _versionStart;
    private readonly int _versionEnd;

    private ObjectBytes(byte[] json, Layout layout, int versionEnd, SmallMap labels)
    {
        Json = json;
        Labels = labels;
        ItemStart = layout.ItemStart;
        MetadataStart = layout.MetadataStart;
        MetadataEnd = layout.MetadataEnd;
        _versionStart = layout.VersionStart;
        _versionEnd = versionEnd;
    }

    public ReadOnlyMemory<byte> Json { get; }

    public SmallMap Labels { get; }

    /// <summary>Where the fields after kind and apiVersion begin: <c>{</c> and what starts here is the object as an item of a list.</summary>
    public int ItemStart { get; }

    private int MetadataStart { get; }

    private int MetadataEnd { get; }

    public ReadOnlyMemory<byte> Item => Json[ItemStart..];

    /// <summary>The value of <c>metadata</c>.</summary>
    public ReadOnlyMemory<byte> Metadata => Json[MetadataStart..MetadataEnd];

    /// <summary>Takes a value from the store. Throws <see cref="JsonException"/> if it is not an object with metadata.</summary>
    /// <param name="stored">The object without its version.</param>
    /// <param name="revision">Its version.</param>
    /// <param name="isWholeItem">Whether it keeps its kind and apiVersion as an item of a list.</param>
    public static ObjectBytes FromStored(ReadOnlySpan<byte> stored, long revision, bool isWholeItem = false)
    {
        var layout = Layout.Of(stored, out var labels);
        layout = isWholeItem ? layout with { ItemStart = 1 } : layout;
        return Splice(stored, layout, layout.VersionStart, revision, labels);
    }

    public ObjectBytes WithRevision(long revision)
    {
        var json = Json.Span;
        var layout = new Layout(ItemStart, MetadataStart, MetadataEnd - (_versionEnd - _versionStart), _versionStart);
        return Splice(json, layout, _versionEnd, revision, Labels);
    }

    private static ObjectBytes Splice(ReadOnlySpan<byte> json, Layout layout, int restStart, long revision, SmallMap labels)
    {
        Span<byte> version = stackalloc byte[48];
        var length = FormatVersion(version, revision, json, layout, restStart);
        var result = new byte[layout.VersionStart + length + json.Length - restStart];
        json[..layout.VersionStart].CopyTo(result);
        version[..length].CopyTo(result.AsSpan(layout.VersionStart));
        json[restStart..].CopyTo(result.AsSpan(layout.VersionStart + length));
        return new ObjectBytes(result, layout with { MetadataEnd = layout.MetadataEnd + length }, layout.VersionStart + length, labels);
    }

    // Commas: one before if a field comes before, one after if a field follows and none came before.
    private static int FormatVersion(Span<byte> buffer, long revision, ReadOnlySpan<byte> json, Layout layout, int restStart)
    {
        var first = json[layout.VersionStart - 1] == (byte)'{';
        var length = 0;
        if (!first)
        {
            buffer[length++] = (byte)',';
        }

        "\"resourceVersion\":\""u8.CopyTo(buffer[length..]);
        length += "\"resourceVersion\":\""u8.Length;
        Utf8Formatter.TryFormat(revision, buffer[length..], out var digits);
        length += digits;
        buffer[length++] = (byte)'"';
        if (first && json[restStart] == (byte)'"')
        {
            buffer[length++] = (byte)',';
        }

        return length;
    }

    /// <summary>Offsets in a stored value.</summary>
    private readonly record struct Layout(int ItemStart, int MetadataStart, int MetadataEnd, int VersionStart)
    {
        public static Layout Of(ReadOnlySpan<byte> json, out SmallMap labels)
        {
            labels = SmallMap.Empty;
            var reader = new Utf8JsonReader(json, PartReader.Options);
            var layout = new Layout(-1, -1, -1, -1);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                // kind and apiVersion come first in what we write; the item of a list is what follows them.
                if (layout.ItemStart < 0 && !reader.ValueTextEquals("kind"u8) && !reader.ValueTextEquals("apiVersion"u8))
                {
                    layout = layout with { ItemStart = (int)reader.TokenStartIndex };
                }

                if (reader.ValueTextEquals("metadata"u8))
                {
                    return OfMetadata(ref reader, layout, ref labels);
                }

                reader.Skip();
            }

            throw new JsonException("The object has no metadata.");
        }

        private static Layout OfMetadata(ref Utf8JsonReader reader, Layout layout, ref SmallMap labels)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("The object's metadata is not an object.");
            }

            layout = layout with { MetadataStart = (int)reader.TokenStartIndex, VersionStart = (int)reader.BytesConsumed };
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var before = reader.ValueTextEquals("name"u8) || reader.ValueTextEquals("generateName"u8)
                    || reader.ValueTextEquals("namespace"u8) || reader.ValueTextEquals("selfLink"u8) || reader.ValueTextEquals("uid"u8);
                if (reader.ValueTextEquals("resourceVersion"u8))
                {
                    throw new JsonException("The stored object has a resourceVersion.");
                }

                if (reader.ValueTextEquals("labels"u8))
                {
                    labels = ReadLabels(ref reader);
                }
                else
                {
                    reader.Skip();
                }

                layout = before ? layout with { VersionStart = (int)reader.BytesConsumed } : layout;
            }

            return layout with { MetadataEnd = (int)reader.BytesConsumed };
        }

        private static SmallMap ReadLabels(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                return SmallMap.Empty;
            }

            var labels = new List<string>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                labels.Add(Text(ref reader));
                reader.Read();
                labels.Add(reader.TokenType == JsonTokenType.String ? Text(ref reader) : "");
            }

            return SmallMap.Of(labels);
        }

        private static string Text(ref Utf8JsonReader reader) =>
            reader.ValueIsEscaped ? reader.GetString() ?? "" : TextPool.Share(reader.ValueSpan);
    }
}
