using System.Text.Json.Nodes;

using MiniKube.Api.Errors;

namespace MiniKube.Api.Tests.Errors;

public sealed class FieldErrorTests
{
    public static TheoryData<FieldError, string, string> Texts => new()
    {
        { FieldError.Required("f"), "FieldValueRequired", "f: Required value" },
        { FieldError.Required("f", "must say"), "FieldValueRequired", "f: Required value: must say" },
        { FieldError.Invalid("f", "a\"b", "bad"), "FieldValueInvalid", "f: Invalid value: \"a\\\"b\": bad" },
        { FieldError.Invalid("f", -1, "bad"), "FieldValueInvalid", "f: Invalid value: -1: bad" },
        { FieldError.Invalid("f", true, ""), "FieldValueInvalid", "f: Invalid value: true" },
        { FieldError.Invalid("f", new JsonObject { ["a"] = "<b>" }, "bad"), "FieldValueInvalid", "f: Invalid value: {\"a\":\"<b>\"}: bad" },
        { FieldError.NotSupported("f", "x", "b", "a"), "FieldValueNotSupported", "f: Unsupported value: \"x\": supported values: \"a\", \"b\"" },
        { FieldError.Duplicate("f", "x"), "FieldValueDuplicate", "f: Duplicate value: \"x\"" },
        { FieldError.Forbidden("f", "no"), "FieldValueForbidden", "f: Forbidden: no" },
        { FieldError.TooLong("f", 63), "FieldValueTooLong", "f: Too long: may not be more than 63 bytes" },
        { FieldError.TooMany("f", 3, 2), "FieldValueTooMany", "f: Too many: 3: must have at most 2 items" },
        { FieldError.NotFound("f", "x"), "FieldValueNotFound", "f: Not found: \"x\"" },
        { FieldError.TypeInvalid("f", "x", "must be a number"), "FieldValueTypeInvalid", "f: Invalid value: \"x\": must be a number" },
        { FieldError.Internal("f", "x"), "InternalError", "f: Internal error: x" },
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void Factory_Always_HasUpstreamsReasonAndText(FieldError error, string reason, string text)
    {
        Assert.Equal((reason, text), (error.Reason, error.ToString()));
    }

    [Theory]
    [InlineData("tab\there", "\"tab\\there\"")]
    [InlineData("\u0001", "\"\\x01\"")]
    [InlineData("grüße 😀", "\"grüße 😀\"")]
    [InlineData("\u200b", "\"\\u200b\"")]
    [InlineData("a\\b", "\"a\\\\b\"")]
    [InlineData("\u007f", "\"\\x7f\"")]
    public void Quote_SpecialCharacters_EscapesAsGoDoes(string text, string quoted) => Assert.Equal(quoted, GoText.Quote(text));
}
