namespace MiniKube.Storage;

/// <summary>The keys from <paramref name="Start"/> (inclusive) to <paramref name="End"/> (exclusive), in byte order; an empty End means only Start, "\0" no end.</summary>
public readonly record struct KeyRange(string Start, string End)
{
    public static KeyRange All { get; } = new("\0", "\0");

    public static KeyRange Single(string key) => new(key, "");

    /// <summary>All keys that begin with a prefix. The prefix of a list must end in <c>/</c>, or <c>foo</c> would read <c>foobar</c>.</summary>
    public static KeyRange Prefix(string prefix) => new(prefix, prefix[..^1] + (char)(prefix[^1] + 1));
}
