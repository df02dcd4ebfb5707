namespace MiniKube.ApiServer.Registry;

/// <summary>Makes names from a generateName as upstream does: five characters that cannot form words.</summary>
internal sealed class NameGenerator(Random random)
{
    /// <summary>How often another name is tried when one is taken.</summary>
    public const int Attempts = 8;

    private const string Characters = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private const int LongestBase = 63 - SuffixLength;

    public string Generate(string @base)
    {
        Span<char> suffix = stackalloc char[SuffixLength];
        lock (random)
        {
            random.GetItems(Characters.AsSpan(), suffix);
        }

        return string.Concat(@base.AsSpan(0, Math.Min(@base.Length, LongestBase)), suffix);
    }
}
