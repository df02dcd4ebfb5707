using System.Buffers;
using System.Text;

namespace MiniKube.Api.Schema;

/// <summary>How Go's reflection names types in the messages that clients see.</summary>
internal static class GoNames
{
    private static readonly SearchValues<char> Identifier =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");

    private static readonly HashSet<string> BuiltIn = ["map", "string", "bool", "int32", "int64", "float64", "interface"];

    /// <summary>Names a type of a package's source as Go prints it: <c>[]metav1.Time</c> of any package is <c>[]v1.Time</c>.</summary>
    public static string Qualify(string goType, string package)
    {
        if (BuiltIn.Contains(goType))
        {
            return goType;
        }

        var result = new StringBuilder();
        for (var at = 0; at < goType.Length;)
        {
            var length = IdentifierLength(goType.AsSpan(at));
            result.Append(length == 0 ? goType[at].ToString() : Name(goType.Substring(at, length), package));
            at += Math.Max(length, 1);
        }

        return result.ToString();
    }

    private static int IdentifierLength(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExcept(Identifier);
        return length < 0 ? text.Length : length;
    }

    private static string Name(string identifier, string package)
    {
        var dot = identifier.LastIndexOf('.');
        if (dot >= 0)
        {
            // Packages of API types are called as their version; an import's alias (metav1, corev1) puts words before it.
            var version = identifier.AsSpan(0, dot).LastIndexOf('v');
            return version >= 0 && version + 1 < dot && char.IsAsciiDigit(identifier[version + 1]) ? identifier[version..] : identifier;
        }

        return identifier switch
        {
            "byte" => "uint8",
            _ when BuiltIn.Contains(identifier) => identifier,
            _ => $"{package[(package.LastIndexOf('/') + 1)..]}.{identifier}",
        };
    }
}
