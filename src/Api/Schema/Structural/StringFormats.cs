using System.Globalization;
using System.Net.Mail;
using System.Text.RegularExpressions;

using MiniKube.Api.Addresses;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.Api.Schema.Structural;

/// <summary>The formats of strings that upstream checks (kube-openapi's strfmt); any other name means nothing.</summary>
public static partial class StringFormats
{
    private static readonly Dictionary<string, Func<string, bool>> Checks = new(StringComparer.Ordinal)
    {
        ["bsonobjectid"] = text => text.Length == 24 && text.All(char.IsAsciiHexDigit),
        ["uri"] = text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme.Length > 0 && !text.Contains(' ', StringComparison.Ordinal),
        ["email"] = text => MailAddress.TryCreate(text, out var address) && address.Address == text,
        ["hostname"] = text => text.Length is > 0 and <= 255 && text.TrimEnd('.').Split('.').All(label => Label().IsMatch(label)),
        ["ipv4"] = text => AddressText.IsAddress(text) && text.Contains('.', StringComparison.Ordinal),
        ["ipv6"] = text => AddressText.IsAddress(text) && text.Contains(':', StringComparison.Ordinal),
        ["cidr"] = text => RangeText.TryParse(text, out _, out _) && AddressText.IsAddress(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal))),
        ["mac"] = text => Mac().IsMatch(text),
        ["uuid"] = text => Uuid().IsMatch(text),
        ["uuid3"] = text => IsUuid(text, '3'),
        ["uuid4"] = text => IsUuid(text, '4') && IsVariant(text),
        ["uuid5"] = text => IsUuid(text, '5') && IsVariant(text),
        ["isbn"] = text => IsIsbn10(text) || IsIsbn13(text),
        ["isbn10"] = IsIsbn10,
        ["isbn13"] = IsIsbn13,
        ["creditcard"] = IsCreditCard,
        ["ssn"] = text => Ssn().IsMatch(text),
        ["hexcolor"] = text => HexColor().IsMatch(text),
        ["rgbcolor"] = text => RgbColor().IsMatch(text),
        ["byte"] = text => text.Length % 4 == 0 && System.Buffers.Text.Base64.IsValid(text),
        ["password"] = _ => true,
        ["date"] = text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ["datetime"] = text => DateTimePattern().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        ["duration"] = IsDuration,
        ["k8sshortname"] = text => !Names.DnsLabel(text).Any(),
        ["k8slongname"] = text => !Names.DnsSubdomain(text).Any(),
    };

    /// <summary>The format's name is taken without its dashes: date-time is datetime.</summary>
    public static bool IsValid(string format, string text) =>
        !Checks.TryGetValue(format.Replace("-", "", StringComparison.Ordinal), out var check) || check(text);

    private static bool IsUuid(string text, char version) =>
        Uuid().IsMatch(text) && text.Replace("-", "", StringComparison.Ordinal)[12] == version;

    private static bool IsVariant(string text) =>
        char.ToLowerInvariant(text.Replace("-", "", StringComparison.Ordinal)[16]) is '8' or '9' or 'a' or 'b';

    private static bool IsIsbn10(string text)
    {
        var digits = Plain(text);
        if (digits.Length != 10 || !digits[..9].All(char.IsAsciiDigit) || !(char.IsAsciiDigit(digits[9]) || digits[9] is 'X'))
        {
            return false;
        }

        return digits.Select((digit, index) => (10 - index) * (digit == 'X' ? 10 : digit - '0')).Sum() % 11 == 0;
    }

    private static bool IsIsbn13(string text)
    {
        var digits = Plain(text);
        return digits.Length == 13 && digits.All(char.IsAsciiDigit)
            && digits.Select((digit, index) => (index % 2 == 0 ? 1 : 3) * (digit - '0')).Sum() % 10 == 0;
    }

    private static bool IsCreditCard(string text)
    {
        var digits = Plain(text);
        return digits.Length is >= 13 and <= 19 && digits.All(char.IsAsciiDigit)
            && digits.Reverse().Select((digit, index) => index % 2 == 0 ? digit - '0' : ((digit - '0') * 2 / 10) + ((digit - '0') * 2 % 10)).Sum() % 10 == 0;
    }

    private static string Plain(string text) => text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    // Go's durations, and numbers with a word: "3 days".
    private static bool IsDuration(string text) => GoDuration.TryParse(text, out _) || WordDuration().IsMatch(text);

    [GeneratedRegex(@"\A[a-zA-Z0-9\p{L}]([a-zA-Z0-9\p{L}-]{0,61}[a-zA-Z0-9\p{L}])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"\A([0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}|[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){7}|[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2,3})\z")]
    private static partial Regex Mac();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\z")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\A\d{3}[- ]?\d{2}[- ]?\d{4}\z")]
    private static partial Regex Ssn();

    [GeneratedRegex(@"\A#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\z")]
    private static partial Regex HexColor();

    [GeneratedRegex(@"\Argb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*(,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*){2}\)\z")]
    private static partial Regex RgbColor();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex DateTimePattern();

    [GeneratedRegex(@"\A(\d+)\s*(ns|us|µs|ms|s|m|h|d|w|nanos?|nanoseconds?|micros?|microseconds?|millis?|milliseconds?|secs?|seconds?|mins?|minutes?|hours?|hrs?|days?|weeks?|wks?)\z", RegexOptions.IgnoreCase)]
    private static partial Regex WordDuration();
}
