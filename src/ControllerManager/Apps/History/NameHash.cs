using System.Globalization;
using System.Text;

namespace MiniKube.ControllerManager.Apps.History;

/// <summary>The hash that names a version of a pod template, in upstream's alphabet.</summary>
internal static class NameHash
{
    // Upstream's alphabet for generated names: no vowels (no words), nothing that looks like something else.
    private const string SafeCharacters = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>The same text always hashes alike; the count of collisions makes another hash of it.</summary>
    public static string Of(string text, int? collisions)
    {
        // FNV-1a, 32 bits.
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes($"{text}{collisions}"))
        {
            hash = (hash ^ octet) * 16777619;
        }

        return string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(digit => SafeCharacters[digit % SafeCharacters.Length]));
    }
}
