using System.Text;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>
/// What the client is told besides the answer, as Warning headers (RFC 7234). Bounded as upstream's: 4096 characters; when there is more, each is cut to 256 and what
/// still does not fit is left out.
/// </summary>
internal static class WarningHeaders
{
    private const int TotalLimit = 4096;
    private const int ItemLimit = 256;

    public static string[] Of(IReadOnlyList<string> warnings)
    {
        var texts = warnings.Distinct(StringComparer.Ordinal).ToList();
        if (texts.Sum(text => (long)text.Length) > TotalLimit)
        {
            var left = TotalLimit;
            texts = [.. texts.Select(text => text.Length > ItemLimit ? text[..ItemLimit] : text).TakeWhile(text => (left -= text.Length) >= 0)];
        }

        return [.. texts.Select(text => $"299 - {Quote(text)}")];
    }

    // A header cannot hold control characters.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            if (character is '"' or '\\')
            {
                quoted.Append('\\');
            }

            quoted.Append(char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character);
        }

        return quoted.Append('"').ToString();
    }
}
