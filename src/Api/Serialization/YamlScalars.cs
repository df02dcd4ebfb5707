using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MiniKube.Api.Serialization;

/// <summary>What a YAML scalar means, by go-yaml 2's rules.</summary>
internal static partial class YamlScalars
{
    private const string Tags = "tag:yaml.org,2002:";

    public static JsonNode? Resolve(Scalar scalar)
    {
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        return tag switch
        {
            $"{Tags}binary" => JsonValue.Create(FromBase64(scalar.Value)),
            "" when scalar.Style == ScalarStyle.Plain => ResolvePlain(scalar.Value),
            $"{Tags}int" or $"{Tags}float" or $"{Tags}bool" or $"{Tags}null" => ResolvePlain(scalar.Value),
            _ => JsonValue.Create(scalar.Value),
        };
    }

    /// <summary>Whether plain text would be read as something else than a string.</summary>
    public static bool IsAmbiguous(string text) => ResolvePlain(text)?.GetValueKind() != JsonValueKind.String;

    /// <summary>The key of a JSON object for a key of any scalar type.</summary>
    public static string Key(JsonNode? key) => key is JsonValue value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : Encoding.UTF8.GetString(Text(value))
        : throw new DecodeException("yaml: unsupported map key: only strings, numbers and booleans can be keys");

    private static byte[] Text(JsonValue value) => JsonCodec.WriteValue(value);

    private static JsonValue? ResolvePlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => JsonValue.Create(true),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => JsonValue.Create(false),
        ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF" =>
            throw new DecodeException($"json: unsupported value: {text}"),
        _ when char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.' => Number(text) ?? JsonValue.Create(text),
        _ => JsonValue.Create(text),
    };

    private static JsonValue? Number(string text)
    {
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (text[0] != '.' && TryParseInteger(plain, out var integer))
        {
            return JsonValue.Create(integer);
        }

        return Float().IsMatch(plain)
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? JsonValue.Create(number)
            : null;
    }

    // Go's base 0: a prefix names the base, a leading zero means octal.
    private static bool TryParseInteger(string text, out long number)
    {
        var negative = text[0] == '-';
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        var (numberBase, prefix) = digits switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };
        var magnitude = Int128.Zero;
        digits = digits[prefix..];
        foreach (var character in digits)
        {
            var digit = char.IsAsciiHexDigit(character) ? Convert.ToInt32(character.ToString(), 16) : int.MaxValue;
            magnitude = (magnitude * numberBase) + digit;
            if (digit >= numberBase || magnitude > (Int128)long.MaxValue + 1)
            {
                number = 0;
                return false;
            }
        }

        magnitude = negative ? -magnitude : magnitude;
        number = magnitude <= long.MaxValue ? (long)magnitude : 0;
        return digits.Length > 0 && magnitude <= long.MaxValue;
    }

    private static string FromBase64(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            throw new DecodeException("yaml: !!binary value contains invalid base64 data");
        }
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Float();
}
