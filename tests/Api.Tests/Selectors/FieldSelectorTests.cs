using MiniKube.Api.Errors;
using MiniKube.Api.Selectors;

namespace MiniKube.Api.Tests.Selectors;

public sealed class FieldSelectorTests
{
    private static readonly Dictionary<string, string> Fields = new() { ["metadata.name"] = "a", ["status.phase"] = "x,y=z\\", ["e"] = "" };

    [Theory]
    [InlineData("", true)]
    [InlineData("metadata.name=a", true)]
    [InlineData("metadata.name==a", true)]
    [InlineData("metadata.name!=a", false)]
    [InlineData("metadata.name!=b", true)]
    [InlineData("metadata.name=a,e=", true)]
    [InlineData("e=,,metadata.name=a", true)]
    [InlineData("e!=", false)]
    [InlineData(@"status.phase=x\,y\=z\\", true)]
    public void Parse_Selector_MatchesAsUpstream(string text, bool matches)
    {
        var selector = FieldSelector.Parse(text);

        Assert.Equal(matches, selector.Matches(field => Fields[field]));
        Assert.Equal(matches, FieldSelector.Parse(selector.ToString()).Matches(field => Fields[field]));
    }

    [Theory]
    [InlineData("a", "invalid selector: 'a'; can't understand 'a'")]
    [InlineData("a=b,c", "invalid selector: 'a=b,c'; can't understand 'c'")]
    [InlineData("a=b=c", "invalid field selector: unescaped character in value: 61")]
    [InlineData(@"a=b\c", @"invalid field selector: invalid escape sequence: \c")]
    [InlineData(@"a=b\", @"invalid field selector: invalid escape sequence: \")]
    public void Parse_BadText_IsABadRequestWithUpstreamsText(string text, string message)
    {
        var exception = Assert.Throws<StatusException>(() => FieldSelector.Parse(text));

        Assert.Equal((400, message), (exception.Code, exception.Message));
    }

    [Fact]
    public void RequiredValue_OnlyEqualityFixesIt()
    {
        var selector = FieldSelector.Parse("spec.nodeName=n1,status.phase!=Failed");

        Assert.Equal("n1", selector.RequiredValue("spec.nodeName"));
        Assert.Null(selector.RequiredValue("status.phase"));
    }
}
