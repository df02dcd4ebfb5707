using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MiniKube.Kubelet.Streaming.Commands;

/// <summary>The size of a client's terminal, in characters.</summary>
internal readonly record struct TerminalSize(ushort Width, ushort Height)
{
    // {"Width":65535,"Height":65535} with room for what else a client may say.
    private const int LongestMessage = 512;

    /// <summary>The sizes that a client sends as one JSON object after another, until it sends something else or no more.</summary>
    public static async IAsyncEnumerable<TerminalSize> ReadAllAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestMessage];
        var held = 0;
        while (held < buffer.Length && await stream.ReadAsync(buffer.AsMemory(held), cancellationToken) is > 0 and var count)
        {
            held += count;
            while (buffer.AsSpan(0, held).IndexOf((byte)'}') is >= 0 and var end)
            {
                if (Parse(buffer.AsSpan(0, end + 1)) is not { } size)
                {
                    yield break;
                }

                buffer.AsSpan(end + 1, held - end - 1).CopyTo(buffer);
                held -= end + 1;
                yield return size;
            }
        }
    }

    private static TerminalSize? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            return new TerminalSize(document.RootElement.GetProperty(nameof(Width)).GetUInt16(), document.RootElement.GetProperty(nameof(Height)).GetUInt16());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
