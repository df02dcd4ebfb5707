namespace MiniKube.Proxy.Rendering;

/// <summary>A chain of our own and its rules, each the text after <c>-A NAME</c>.</summary>
internal sealed record Chain(string Name, IReadOnlyList<string> Rules)
{
    public bool SameAs(Chain other) => Rules.SequenceEqual(other.Rules, StringComparer.Ordinal);
}
