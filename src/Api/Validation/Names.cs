namespace MiniKube.Api.Validation;

/// <summary>The rules for names, with upstream's messages. Each returns what is wrong, nothing when the name is good.</summary>
public static class Names
{
    public static IEnumerable<string> DnsSubdomain(string name) => throw new NotSupportedException();
}
