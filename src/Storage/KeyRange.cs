namespace MiniKube.Storage;

/// <summary>The keys from <paramref name="Start"/> (inclusive) to <paramref name="End"/> (exclusive), in byte order; an empty End means only Start, "\0" no end.</summary>
public readonly record struct KeyRange(string Start, string End)
{
    private const string NoEnd = "\0";

    public static KeyRange All { get; } = new("\0", NoEnd);

    public bool IsSingle => End.Length == 0;

    public static KeyRange Single(string key) => new(key, "");

    /// <summary>All keys that begin with a prefix. The prefix of a list must end in <c>/</c>, or <c>foo</c> would read <c>foobar</c>.</summary>
    public static KeyRange Prefix(string prefix) =>
        prefix.Length == 0 ? All : new(prefix, prefix[..^1] + (char)(prefix[^1] + 1));

    public bool Contains(string key)
    {
        if (IsSingle)
        {
            return string.Equals(key, Start, StringComparison.Ordinal);
        }

        return KeyOrder.Instance.Compare(key, Start) >= 0 && IsBeforeEnd(key);
    }

    /// <summary>Whether a key that is not before the start is in the range.</summary>
    public bool IsBeforeEnd(string key) => End switch
    {
        "" => string.Equals(key, Start, StringComparison.Ordinal),
        NoEnd => true,
        _ => KeyOrder.Instance.Compare(key, End) < 0,
    };
}
