using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniKube.Api.Errors;

/// <summary>Values in messages as Go's fmt prints them, since clients show and compare these texts.</summary>
public static class GoText
{
    /// <summary>As <c>%q</c> does: double quotes, with Go's escapes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            AppendRune(quoted, rune);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A list of strings as <c>%q</c> prints it: <c>["a" "b"]</c>.</summary>
    public static string QuoteAll(IEnumerable<string> texts) => $"[{string.Join(' ', texts.Select(Quote))}]";

    /// <summary>As upstream's field errors show a bad value: strings quoted, numbers and booleans plain, everything else as JSON.</summary>
    public static string Value(object? value) => value switch
    {
        null => "null",
        string text => Quote(text),
        bool truth => truth ? "true" : "false",
        JsonValue json when json.GetValueKind() == JsonValueKind.String => Quote(json.GetValue<string>()),
        JsonNode json => json.ToJsonString(JsonText.Relaxed),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value, JsonText.Relaxed),
    };

    private static void AppendRune(StringBuilder quoted, Rune rune)
    {
        switch (rune.Value)
        {
            case '"' or '\\':
                quoted.Append('\\').Append((char)rune.Value);
                break;
            case >= 0x20 and < 0x7f:
                quoted.Append((char)rune.Value);
                break;
            case >= 0x07 and <= 0x0d:
                quoted.Append('\\').Append("abtnvfr"[rune.Value - 0x07]);
                break;
            case < 0x80:
                quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                break;
            default:
                AppendWideRune(quoted, rune);
                break;
        }
    }

    private static void AppendWideRune(StringBuilder quoted, Rune rune)
    {
        if (IsPrintable(rune))
        {
            quoted.Append(rune.ToString());
        }
        else
        {
            quoted.Append(rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}");
        }
    }

    /// <summary>As Go's <c>unicode.IsPrint</c>: of all spaces only the plain one.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
