using System.Buffers;
using System.Text;

namespace MiniKube.Api.Validation;

/// <summary>The rules for names, with upstream's messages (apimachinery's util/validation). Each returns what is wrong, nothing when the name is good.</summary>
public static class Names
{
    public const string NonEmpty = "must be non-empty";

    private const string Label1123 = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string Subdomain1123 = Label1123 + @"(\." + Label1123 + ")*";
    private const string Qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private const string QualifiedRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    private static readonly SearchValues<char> Lower = SearchValues.Create("abcdefghijklmnopqrstuvwxyz");
    private static readonly SearchValues<char> LowerOrDigit = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> LowerDigitDash = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> LowerDigitDashUnderscore = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly SearchValues<char> Alphanumeric =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private static readonly SearchValues<char> AlphanumericDash =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly SearchValues<char> QualifiedChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>The names of most objects.</summary>
    public static IEnumerable<string> DnsSubdomain(string name)
    {
        if (ByteCount(name) > 253)
        {
            yield return TooLong(253);
        }

        if (!IsSubdomain(name))
        {
            yield return Rule(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
                Subdomain1123,
                "example.com");
        }
    }

    /// <summary>A search path of a resolver, which may hold underscores, as names of services do that are not Kubernetes' own.</summary>
    public static IEnumerable<string> DnsSubdomainWithUnderscore(string name)
    {
        const string Label = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
        if (ByteCount(name) > 253)
        {
            yield return TooLong(253);
        }

        if (!name.Split('.').All(label => IsLabel(label.StartsWith('_') ? label[1..] : label, LowerOrDigit, LowerDigitDashUnderscore, LowerOrDigit)))
        {
            yield return Rule(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
                $@"{Label}(\.{Label})*",
                "example.com");
        }
    }

    /// <summary>Namespaces, container names and other single labels.</summary>
    public static IEnumerable<string> DnsLabel(string name)
    {
        if (ByteCount(name) > 63)
        {
            yield return TooLong(63);
        }

        if (IsLabel(name, LowerOrDigit, LowerDigitDash, LowerOrDigit))
        {
            yield break;
        }

        if (IsSubdomain(name))
        {
            yield return "must not contain dots";
        }
        else
        {
            yield return Rule(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
                Label1123,
                "my-name",
                "123-abc");
        }
    }

    /// <summary>Services: a label that starts with a letter.</summary>
    public static IEnumerable<string> Dns1035Label(string name)
    {
        if (ByteCount(name) > 63)
        {
            yield return TooLong(63);
        }

        if (!IsLabel(name, Lower, LowerDigitDash, LowerOrDigit))
        {
            yield return Rule(
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
                "[a-z]([-a-z0-9]*[a-z0-9])?",
                "my-name",
                "abc-123");
        }
    }

    /// <summary>A host of an Ingress such as <c>*.example.com</c>.</summary>
    public static IEnumerable<string> WildcardDnsSubdomain(string name)
    {
        if (ByteCount(name) > 253)
        {
            yield return TooLong(253);
        }

        if (!name.StartsWith("*.", StringComparison.Ordinal) || !IsSubdomain(name.AsSpan(2)))
        {
            yield return Rule(
                "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
                @"\*\." + Subdomain1123,
                "*.example.com");
        }
    }

    /// <summary>Label keys, annotation keys (in lower case), resource names: <c>[prefix/]name</c>.</summary>
    public static IEnumerable<string> QualifiedName(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            return [$"a qualified name {Rule(QualifiedRule, Qualified, "MyName", "my.name", "123-abc")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"];
        }

        return parts.Length == 2 ? PrefixPart(parts[0]).Concat(NamePart(parts[1])) : NamePart(parts[0]);
    }

    public static IEnumerable<string> LabelValue(string value)
    {
        if (ByteCount(value) > 63)
        {
            yield return TooLong(63);
        }

        if (value.Length > 0 && !IsLabel(value, Alphanumeric, QualifiedChars, Alphanumeric))
        {
            yield return Rule(
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
                $"({Qualified})?",
                "MyValue",
                "my_value",
                "12345");
        }
    }

    /// <summary>IANA service names: what a port may be called.</summary>
    public static IEnumerable<string> PortName(string name)
    {
        if (ByteCount(name) > 15)
        {
            yield return TooLong(15);
        }

        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(LowerDigitDash))
        {
            yield return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }

        if (!name.AsSpan().ContainsAny(Lower))
        {
            yield return "must contain at least one letter (a-z)";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            yield return "must not contain consecutive hyphens";
        }

        if (name is ['-', ..] or [.., '-'])
        {
            yield return "must not begin or end with a hyphen";
        }
    }

    public static IEnumerable<string> PortNumber(long port) => Range(port, 1, 65535);

    public static IEnumerable<string> Range(long value, long least, long most) =>
        value < least || value > most ? [$"must be between {least} and {most}, inclusive"] : [];

    /// <summary>Upstream's relaxed rule, the only one since v1.34.</summary>
    public static IEnumerable<string> EnvVarName(string name)
    {
        if (name.Length == 0)
        {
            yield return "environment variable name " + NonEmpty;
        }

        if (name.Any(character => character is < ' ' or > '~' or '='))
        {
            yield return "a valid environment variable name must consist only of printable ASCII characters other than '='";
        }
    }

    /// <summary>Keys of ConfigMaps and Secrets, which become file names.</summary>
    public static IEnumerable<string> ConfigKey(string key)
    {
        if (ByteCount(key) > 253)
        {
            yield return TooLong(253);
        }

        if (key.Length == 0 || key.AsSpan().ContainsAnyExcept(QualifiedChars))
        {
            yield return Rule(
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name");
        }

        if (key is "." or "..")
        {
            yield return $"must not be '{key}'";
        }
        else if (key.StartsWith("..", StringComparison.Ordinal))
        {
            yield return "must not start with '..'";
        }
    }

    public static IEnumerable<string> HttpHeaderName(string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(AlphanumericDash))
        {
            yield return Rule("a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", "X-Header-Name");
        }
    }

    public static IEnumerable<string> Percent(string value)
    {
        if (value is not [.., '%'] || value.Length < 2 || value.AsSpan(0, value.Length - 1).ContainsAnyExceptInRange('0', '9'))
        {
            yield return Rule("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%", "93%");
        }
    }

    /// <summary>Roles and their bindings: whatever can stand in a path.</summary>
    public static IEnumerable<string> PathSegment(string name)
    {
        if (name is "." or "..")
        {
            yield return $"may not be '{name}'";
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            yield return "may not contain '/'";
        }

        if (name.Contains('%', StringComparison.Ordinal))
        {
            yield return "may not contain '%'";
        }
    }

    /// <summary>Upstream's text of a rule: what it says, examples, and the expression.</summary>
    public static string Rule(string message, string expression, params IReadOnlyList<string> examples)
    {
        if (examples.Count == 0)
        {
            return $"{message} (regex used for validation is '{expression}')";
        }

        var shown = string.Join(" or ", examples.Select(example => $"'{example}', "));
        return $"{message} (e.g. {shown}regex used for validation is '{expression}')";
    }

    public static string TooLong(int limit) => $"must be no more than {limit} characters";

    private static IEnumerable<string> PrefixPart(string prefix) => prefix.Length == 0
        ? ["prefix part " + NonEmpty]
        : DnsSubdomain(prefix).Select(message => "prefix part " + message);

    private static IEnumerable<string> NamePart(string name)
    {
        if (name.Length == 0)
        {
            yield return "name part " + NonEmpty;
        }
        else if (ByteCount(name) > 63)
        {
            yield return "name part " + TooLong(63);
        }

        if (!IsLabel(name, Alphanumeric, QualifiedChars, Alphanumeric))
        {
            yield return "name part " + Rule(QualifiedRule, Qualified, "MyName", "my.name", "123-abc");
        }
    }

    private static bool IsSubdomain(ReadOnlySpan<char> name)
    {
        foreach (var range in name.Split('.'))
        {
            if (!IsLabel(name[range], LowerOrDigit, LowerDigitDash, LowerOrDigit))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> label, SearchValues<char> first, SearchValues<char> inner, SearchValues<char> last) =>
        label.Length > 0 && first.Contains(label[0]) && last.Contains(label[^1]) && !label.ContainsAnyExcept(inner);

    private static int ByteCount(string text) => Encoding.UTF8.GetByteCount(text);
}
