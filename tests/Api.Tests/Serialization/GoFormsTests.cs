using System.Text;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tests.Serialization;

public sealed class GoFormsTests
{
    // The messages are those of Go's encoding/json.
    [Theory]
    [InlineData("", "unexpected end of JSON input")]
    [InlineData("  ", "unexpected end of JSON input")]
    [InlineData("x", "invalid character 'x' looking for beginning of value")]
    [InlineData("{\"a\"", "unexpected end of JSON input")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair")]
    [InlineData("{\"a\":1,}", "invalid character '}' looking for beginning of object key string")]
    [InlineData("{a:1}", "invalid character 'a' looking for beginning of object key string")]
    [InlineData("[1 2]", "invalid character '2' after array element")]
    [InlineData("[1,]", "invalid character ']' looking for beginning of value")]
    [InlineData("\"a\nb\"", "invalid character '\\n' in string literal")]
    [InlineData("\"\\q\"", "invalid character 'q' in string escape code")]
    [InlineData("\"\\u12x\"", "invalid character 'x' in \\u hexadecimal character escape")]
    [InlineData("tru", "unexpected end of JSON input")]
    [InlineData("trux", "invalid character 'x' in literal true (expecting 'e')")]
    [InlineData("nil", "invalid character 'i' in literal null (expecting 'u')")]
    [InlineData("-", "unexpected end of JSON input")]
    [InlineData("-a", "invalid character 'a' in numeric literal")]
    [InlineData("01", "invalid character '1' after top-level value")]
    [InlineData("1.x", "invalid character 'x' after decimal point in numeric literal")]
    [InlineData("1ex", "invalid character 'x' in exponent of numeric literal")]
    [InlineData("{} {}", "invalid character '{' after top-level value")]
    [InlineData("'a'", "invalid character '\\'' looking for beginning of value")]
    public void Parse_WrongJson_SaysWhatGoSays(string json, string message)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        Assert.Equal(message, Assert.Throws<DecodeException>(() => JsonCodec.ParseValue(bytes)).Message);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(" [1, -0.5e+10, \"\\u00e9\\n\", true, false, null, {\"a\": []}] ")]
    public void Describe_RightJson_IsNull(string json) => Assert.Null(GoJsonSyntax.Describe(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("0", 0, "0s")]
    [InlineData("1h15m30.918s", 4_530_918_000_000, "1h15m30.918s")]
    [InlineData("90s", 90_000_000_000, "1m30s")]
    [InlineData("-1.5h", -5_400_000_000_000, "-1h30m0s")]
    [InlineData("100ms", 100_000_000, "100ms")]
    [InlineData("2us", 2_000, "2µs")]
    [InlineData("7ns", 7, "7ns")]
    public void Duration_InGosForm_IsReadAndWritten(string text, long nanoseconds, string canonical)
    {
        Assert.True(GoDuration.TryParse(text, out var parsed));
        Assert.Equal(nanoseconds, parsed);
        Assert.Equal(canonical, GoDuration.Format(parsed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("s")]
    [InlineData("1d")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999999h")]
    public void Duration_InNoForm_IsRefused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000000Z")]
    [InlineData("2024-02-29T23:59:59.5+01:30", "2024-02-29T22:29:59.500000Z")]
    [InlineData("2024-02-29T23:59:59.123456789Z", "2024-02-29T23:59:59.123456Z")]
    public void Time_InRfc3339_IsRead(string text, string canonical)
    {
        Assert.True(Timestamps.TryParse(text, out var time));
        Assert.Equal(canonical, Timestamps.FormatMicroTime(time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2023-02-29T00:00:00Z")]
    [InlineData("2024-02-29 00:00:00Z")]
    [InlineData("2024-02-29T00:00:00")]
    [InlineData("2024-02-29T00:00:00.Z")]
    [InlineData("2024-02-29")]
    [InlineData("20240229T000000Z")]
    public void Time_InAnotherForm_IsRefused(string text) => Assert.False(Timestamps.TryParse(text, out _));
}
