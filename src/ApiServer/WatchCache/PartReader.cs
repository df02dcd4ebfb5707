using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// Reads only some parts of an object: as nodes, and nothing else of it. Selectable fields are a few small values of a document of some kilobytes, and every
/// change of every object is asked for them (benchmark: load, creates and start).
/// </summary>
internal sealed class PartReader
{
    /// <summary>What nests deeper than any type would not have been taken; the reader's own default of 64 is less than custom resources may have.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = JsonCodec.MaxDepth + 100 };

    private readonly Part _root = new("");

    /// <param name="paths">With dots, such as <c>spec.nodeName</c>.</param>
    public PartReader(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var part = _root;
            foreach (var step in path.Split('.'))
            {
                part = part.GetOrAdd(step);
            }

            part.IsWhole = true;
        }
    }

    /// <summary>The object with only those parts. Throws <see cref="JsonException"/> if the text is anything but one whole object.</summary>
    public JsonObject Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The value is not an object.");
        }

        var parts = Read(ref reader, _root);

        // Whatever follows makes it throw.
        reader.Read();
        return parts;
    }

    private static JsonObject Read(ref Utf8JsonReader reader, Part part)
    {
        var obj = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = part.Find(ref reader);
            if (wanted is { IsWhole: true })
            {
                reader.Read();
                obj[wanted.Name] = JsonNode.Parse(ref reader);
                continue;
            }

            reader.Read();
            if (wanted is not null && reader.TokenType == JsonTokenType.StartObject)
            {
                obj[wanted.Name] = Read(ref reader, wanted);
            }
            else
            {
                reader.Skip();
            }
        }

        return obj;
    }

    private sealed class Part(string name)
    {
        private readonly List<Part> _parts = [];
        private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(name);

        public string Name { get; } = name;

        public bool IsWhole { get; set; }

        public Part GetOrAdd(string name)
        {
            var part = _parts.Find(part => part.Name == name);
            if (part is null)
            {
                part = new Part(name);
                _parts.Add(part);
            }

            return part;
        }

        public Part? Find(ref Utf8JsonReader reader)
        {
            foreach (var part in _parts)
            {
                if (reader.ValueTextEquals(part._utf8))
                {
                    return part;
                }
            }

            return null;
        }
    }
}
