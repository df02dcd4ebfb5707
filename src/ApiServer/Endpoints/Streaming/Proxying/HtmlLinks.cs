using System.Text;
using System.Text.RegularExpressions;

namespace MiniKube.ApiServer.Endpoints.Streaming.Proxying;

/// <summary>
/// Rewrites the addresses in the tags of an HTML page as it passes by, so that its links lead through the proxy, as upstream does. Holds back at most one tag. Bytes
/// that are no ASCII pass through as they are, whatever their encoding.
/// </summary>
internal sealed partial class HtmlLinks(ProxyLinks links)
{
    private const int BufferSize = 16 * 1024;

    // What is longer is no tag with a link that matters.
    private const int LongestTag = 64 * 1024;

    /// <summary>The attributes that hold addresses, by tag.</summary>
    private static readonly Dictionary<string, string[]> Attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["a"] = ["href"],
        ["applet"] = ["codebase"],
        ["area"] = ["href"],
        ["audio"] = ["src"],
        ["base"] = ["href"],
        ["blockquote"] = ["cite"],
        ["body"] = ["background"],
        ["button"] = ["formaction"],
        ["command"] = ["icon"],
        ["del"] = ["cite"],
        ["embed"] = ["src"],
        ["form"] = ["action"],
        ["frame"] = ["longdesc", "src"],
        ["head"] = ["profile"],
        ["html"] = ["manifest"],
        ["iframe"] = ["longdesc", "src"],
        ["img"] = ["longdesc", "src", "usemap"],
        ["input"] = ["src", "usemap", "formaction"],
        ["ins"] = ["cite"],
        ["link"] = ["href"],
        ["object"] = ["classid", "codebase", "data", "usemap"],
        ["q"] = ["cite"],
        ["script"] = ["src"],
        ["source"] = ["src"],
        ["track"] = ["src"],
        ["video"] = ["poster", "src"],
    };

    public async Task CopyAsync(Stream page, Stream output, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var held = "";
        while (await page.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            var (done, rest) = Rewrite(held + Encoding.Latin1.GetString(buffer, 0, count));
            held = rest;
            await output.WriteAsync(Encoding.Latin1.GetBytes(done), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }

        await output.WriteAsync(Encoding.Latin1.GetBytes(held), cancellationToken);
    }

    /// <summary>What is done, and the beginning of a tag whose end has not come yet.</summary>
    private (string Done, string Held) Rewrite(string text)
    {
        var done = new StringBuilder(text.Length);
        var position = 0;
        while (text.IndexOf('<', position) is >= 0 and var start)
        {
            done.Append(text, position, start - position);
            var end = EndOfTag(text, start);
            if (end < 0)
            {
                if (text.Length - start < LongestTag)
                {
                    return (done.ToString(), text[start..]);
                }

                end = text.Length - 1;
            }

            done.Append(RewriteTag(text[start..(end + 1)]));
            position = end + 1;
        }

        return (done.Append(text, position, text.Length - position).ToString(), "");
    }

    // A > in quotes is not the end.
    private static int EndOfTag(string text, int start)
    {
        var quote = '\0';
        for (var i = start + 1; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && c == '>')
            {
                return i;
            }

            if (quote == '\0' && c is '"' or '\'' && text[i - 1] == '=')
            {
                quote = c;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
        }

        return -1;
    }

    private string RewriteTag(string tag) =>
        TagName().Match(tag) is { Success: true } name && Attributes.TryGetValue(name.Groups[1].Value, out var attributes)
            ? Attribute().Replace(tag, match => attributes.Contains(match.Groups[2].Value, StringComparer.OrdinalIgnoreCase) ? RewriteAttribute(match) : match.Value)
            : tag;

    private string RewriteAttribute(Match match)
    {
        var value = match.Groups[4].Value;
        var quote = value[0] is '"' or '\'' ? value[..1] : "";
        return $"{match.Groups[1].Value}{match.Groups[2].Value}{match.Groups[3].Value}{quote}{links.Rewrite(value[quote.Length..^quote.Length])}{quote}";
    }

    [GeneratedRegex("^<([A-Za-z]+)\\b")]
    private static partial Regex TagName();

    [GeneratedRegex("(\\s)([A-Za-z]+)(\\s*=\\s*)(\"[^\"]*\"|'[^']*'|[^\\s\"'>]+)")]
    private static partial Regex Attribute();
}
