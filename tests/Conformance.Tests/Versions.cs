namespace MiniKube.Conformance.Tests;

/// <summary>The versions of kubectl that the tests run.</summary>
public static class Versions
{
    public const string Newest = "1.35";
    public const string Older = "1.32";
}
