using System.Text;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// Texts that many objects share (names and values of labels, names of nodes, phases), each held once. A bounded table in which a newcomer takes the place of
/// whoever has its slot: what is pushed out lives on in the objects that hold it. Without locks: a race costs a second copy, never a wrong text.
/// </summary>
internal static class TextPool
{
    private const int Slots = 4096;
    private const int LongestText = 128;

    private static readonly string?[] Texts = new string?[Slots];

    public static string Share(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestText || !Ascii.IsValid(utf8))
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var slot = ref Texts[Slot(utf8)];
        if (Volatile.Read(ref slot) is { } shared && Ascii.Equals(utf8, shared))
        {
            return shared;
        }

        var text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref slot, text);
        return text;
    }

    public static string Share(string text)
    {
        Span<byte> utf8 = stackalloc byte[LongestText];
        return text.Length <= LongestText && Encoding.UTF8.TryGetBytes(text, utf8, out var length) && length == text.Length ? Share(utf8[..length]) : text;
    }

    private static int Slot(ReadOnlySpan<byte> utf8)
    {
        var hash = default(HashCode);
        hash.AddBytes(utf8);
        return hash.ToHashCode() & (Slots - 1);
    }
}
