using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;

namespace MiniKube.Client.Transport;

/// <summary>One line of a watch: <c>{"type":"ADDED","object":{…}}</c>. Valid until the next line is asked for.</summary>
internal readonly struct WatchLine(ReadOnlySequence<byte> json)
{
    public static async IAsyncEnumerable<WatchLine> ReadAllAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    yield return new WatchLine(buffer.Slice(0, end));
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    // A line without its end was cut off with the connection: the watch resumes before it.
                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <exception cref="StatusException">It is an ERROR event.</exception>
    public WatchEvent<T> Read<T>()
    {
        var reader = new Utf8JsonReader(json);
        var at = default(Utf8JsonReader);
        var type = "";
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isType)
            {
                type = reader.GetString() ?? "";
            }
            else if (isObject)
            {
                at = reader;
            }

            reader.Skip();
        }

        return type switch
        {
            "ADDED" => new WatchEvent<T>(WatchEventType.Added, ModelJson.Deserialize<T>(ref at)),
            "MODIFIED" => new WatchEvent<T>(WatchEventType.Modified, ModelJson.Deserialize<T>(ref at)),
            "DELETED" => new WatchEvent<T>(WatchEventType.Deleted, ModelJson.Deserialize<T>(ref at)),
            "BOOKMARK" => new WatchEvent<T>(WatchEventType.Bookmark, ModelJson.Deserialize<T>(ref at)),
            "ERROR" => throw new StatusException(ModelJson.Deserialize<V1Status>(ref at)),
            _ => throw new JsonException($"The watch sent an event of the unknown type \"{type}\"."),
        };
    }
}
