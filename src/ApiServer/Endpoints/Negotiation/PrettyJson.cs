using System.Buffers;

using Microsoft.Extensions.Primitives;

namespace MiniKube.ApiServer.Endpoints.Negotiation;

/// <summary>JSON for people, as Go's MarshalIndent writes it: two spaces a level, no line feed at the end.</summary>
internal static class PrettyJson
{
    /// <summary>
    /// Whether the client wants it: it says so (<c>pretty=true</c>, or <c>;pretty=1</c> in Accept), or it is a browser or a tool that people read the output of.
    /// </summary>
    public static bool IsWanted(HttpRequest request, MediaType accept)
    {
        if (accept.IsPretty)
        {
            return true;
        }

        if (request.Query["pretty"].ToString() is { Length: > 0 } asked)
        {
            return asked is "1" or "t" or "T" or "true" or "TRUE" or "True";
        }

        return IsReadByPeople(request.Headers.UserAgent);
    }

    public static byte[] Indent(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length * 2);
        var depth = 0;
        for (var i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case (byte)'"':
                    var end = EndOfText(json, i);
                    output.Write(json[i..end]);
                    i = end - 1;
                    break;
                case (byte)'{' or (byte)'[' when i + 1 < json.Length && json[i + 1] is (byte)'}' or (byte)']':
                    output.Write(json.Slice(i++, 2));
                    break;
                case (byte)'{' or (byte)'[':
                    output.Write(json.Slice(i, 1));
                    StartLine(output, ++depth);
                    break;
                case (byte)'}' or (byte)']':
                    StartLine(output, --depth);
                    output.Write(json.Slice(i, 1));
                    break;
                case (byte)',':
                    output.Write(","u8);
                    StartLine(output, depth);
                    break;
                case (byte)':':
                    output.Write(": "u8);
                    break;
                case (byte)' ' or (byte)'\n':
                    break;
                default:
                    output.Write(json.Slice(i, 1));
                    break;
            }
        }

        return output.WrittenSpan.ToArray();
    }

    private static bool IsReadByPeople(StringValues userAgent) =>
        userAgent is [{ } agent, ..]
        && (agent.StartsWith("curl", StringComparison.Ordinal) || agent.StartsWith("Wget", StringComparison.Ordinal)
            || agent.StartsWith("Mozilla/5.0", StringComparison.Ordinal));

    private static int EndOfText(ReadOnlySpan<byte> json, int start)
    {
        var i = start + 1;
        while (json[i] != (byte)'"')
        {
            i += json[i] == (byte)'\\' ? 2 : 1;
        }

        return i + 1;
    }

    private static void StartLine(ArrayBufferWriter<byte> output, int depth)
    {
        var line = output.GetSpan(1 + (2 * depth))[..(1 + (2 * depth))];
        line.Fill((byte)' ');
        line[0] = (byte)'\n';
        output.Advance(line.Length);
    }
}
