using System.Buffers.Binary;
using System.Text;

using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace MiniKube.Kubelet.Streaming.Spdy;

/// <summary>
/// Reads the headers of one connection's frames, which are one zlib stream that is flushed after each frame. Unpacked: a count of pairs, then name and value of
/// each after its length; all numbers have four bytes.
/// </summary>
internal sealed class SpdyHeaderReader
{
    // The headers of a stream here are three short ones: a client that sends more, or a bomb, is refused.
    private const int LargestBlock = 64 * 1024;
    private const int MostHeaders = 128;

    private readonly Inflater _inflater = new();

    public IReadOnlyDictionary<string, string> Read(byte[] packed)
    {
        var block = Inflate(packed);
        var position = 0;
        var count = Number(block, ref position);
        if (count > MostHeaders)
        {
            throw new SpdyException($"{count} headers are too many");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < count; i++)
        {
            var name = Text(block, ref position);
            headers[name] = Text(block, ref position);
        }

        return headers;
    }

    private ReadOnlySpan<byte> Inflate(byte[] packed)
    {
        var block = new byte[LargestBlock];
        var length = 0;
        try
        {
            _inflater.SetInput(packed);
            while (true)
            {
                var count = _inflater.Inflate(block, length, block.Length - length);
                length += count;
                if (length == block.Length)
                {
                    throw new SpdyException("the headers are too large");
                }

                if (count == 0 && _inflater.IsNeedingDictionary)
                {
                    _inflater.SetDictionary(SpdyDictionary.Bytes);
                }
                else if (count == 0)
                {
                    return block.AsSpan(0, length);
                }
            }
        }
        catch (SharpZipBaseException exception)
        {
            throw new SpdyException($"the headers cannot be unpacked: {exception.Message}");
        }
    }

    private static int Number(ReadOnlySpan<byte> block, ref int position)
    {
        if (block.Length - position < sizeof(int))
        {
            throw new SpdyException("the headers end too early");
        }

        var number = BinaryPrimitives.ReadInt32BigEndian(block[position..]);
        position += sizeof(int);
        return number >= 0 ? number : throw new SpdyException("a length in the headers is negative");
    }

    private static string Text(ReadOnlySpan<byte> block, ref int position)
    {
        var length = Number(block, ref position);
        if (block.Length - position < length)
        {
            throw new SpdyException("the headers end too early");
        }

        var text = Encoding.UTF8.GetString(block.Slice(position, length));
        position += length;
        return text;
    }
}
