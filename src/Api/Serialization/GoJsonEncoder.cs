using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace MiniKube.Api.Serialization;

/// <summary>
/// Escapes strings as Go's encoding/json does: control characters, quotes, backslashes, the characters of HTML that upstream's answers
/// escape (&lt;, &gt;, &amp;) and the two line separators that JavaScript does not take. Everything else is written as it is.
/// </summary>
internal sealed class GoJsonEncoder : JavaScriptEncoder
{
    private const string ControlCharacters =
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f" +
        "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f";

    private static readonly SearchValues<char> Escaped = SearchValues.Create(ControlCharacters + "\"\\<>&\u2028\u2029");

    private static readonly SearchValues<char> EscapedOrSurrogate =
        SearchValues.Create([.. ControlCharacters, .. "\"\\<>&\u2028\u2029", .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    // U+2028 and U+2029 start with E2: text with such a byte takes the slow way.
    private static readonly SearchValues<byte> EscapedBytes =
        SearchValues.Create([.. Encoding.ASCII.GetBytes(ControlCharacters + "\"\\<>&"), 0xE2]);

    private GoJsonEncoder()
    {
    }

    public static GoJsonEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength) =>
        FirstToEncode(new ReadOnlySpan<char>(text, textLength));

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        var first = utf8Text.IndexOfAny(EscapedBytes);
        return first < 0 || utf8Text[first] != 0xE2 ? first : base.FindFirstCharacterToEncodeUtf8(utf8Text);
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var target = new Span<char>(buffer, bufferLength);
        var escape = (char)unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            var other => $"\\u{(int)other:x4}",
        };
        numberOfCharactersWritten = escape.TryCopyTo(target) ? escape.Length : 0;
        return numberOfCharactersWritten > 0;
    }

    public override bool WillEncode(int unicodeScalar) => unicodeScalar <= char.MaxValue && Escaped.Contains((char)unicodeScalar);

    private static int FirstToEncode(ReadOnlySpan<char> text)
    {
        // A lone surrogate must be found too, so that the caller replaces it; one of a pair must not.
        for (var start = 0; start < text.Length;)
        {
            var found = text[start..].IndexOfAny(EscapedOrSurrogate);
            if (found < 0)
            {
                return -1;
            }

            start += found;
            if (start + 1 >= text.Length || !char.IsSurrogatePair(text[start], text[start + 1]))
            {
                return start;
            }

            start += 2;
        }

        return -1;
    }
}
