using System.Diagnostics;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Selectors;

namespace MiniKube.Api.Tests.Selectors;

public sealed class LabelSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new()
    {
        ["app"] = "web", ["tier"] = "front", ["empty"] = "", ["n"] = "5", ["example.com/in"] = "x",
    };

    [Theory]
    [InlineData("", true)]
    [InlineData(" ", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web", true)]
    [InlineData("app = web , tier=front", true)]
    [InlineData("app!=web", false)]
    [InlineData("other!=web", true)]
    [InlineData("app in (web,api)", true)]
    [InlineData("app in (api)", false)]
    [InlineData("app notin (api)", true)]
    [InlineData("other notin (api)", true)]
    [InlineData("app", true)]
    [InlineData("!app", false)]
    [InlineData("!other", true)]
    [InlineData("empty=", true)]
    [InlineData("empty=,app", true)]
    [InlineData("empty in ()", true)]
    [InlineData("empty in (a,)", true)]
    [InlineData("empty in (,a)", true)]
    [InlineData("n>4", true)]
    [InlineData("n>5", false)]
    [InlineData("n<6", true)]
    [InlineData("app>1", false)]
    [InlineData("example.com/in in (x)", true)]
    [InlineData("in", false)]
    [InlineData("app in (in,notin,web)", true)]
    [InlineData("app=in", false)]
    public void Parse_Selector_MatchesAsUpstream(string text, bool matches)
    {
        var selector = LabelSelector.Parse(text);

        Assert.Equal(matches, selector.Matches(Labels));
        Assert.Equal(matches, selector.MatchesLabels(Labels));
        Assert.Equal(matches, selector.Matches(new JsonObject(Labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)))));
        Assert.Equal(matches, LabelSelector.Parse(selector.ToString()).Matches(Labels));
    }

    [Theory]
    [InlineData("=", "found '=', expected: !, identifier, or 'end of string'")]
    [InlineData("a,", "found '', expected: identifier after ','")]
    [InlineData("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("a=b c", "found 'c', expected: ',' or 'end of string'")]
    [InlineData("a=(", "unable to parse requirement: found '(', expected: identifier")]
    [InlineData("a in b", "unable to parse requirement: found 'b' expected: '('")]
    [InlineData("a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'")]
    [InlineData("a in (=", "unable to parse requirement: found '=', expected: ',', ')' or identifier")]
    [InlineData("!!a", "unable to parse requirement: found '!', expected: identifier")]
    [InlineData("a>b", "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData(
        "-a",
        "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    [InlineData(
        "a=-b",
        "unable to parse requirement: values[0][a]: Invalid value: \"-b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    public void Parse_BadText_IsABadRequestWithUpstreamsText(string text, string message)
    {
        var exception = Assert.Throws<StatusException>(() => LabelSelector.Parse(text));

        Assert.Equal((400, message), (exception.Code, exception.Message));
    }

    [Fact]
    public void Parse_TenThousandTerms_IsQuick()
    {
        var watch = Stopwatch.StartNew();

        var selector = LabelSelector.Parse(string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"key-{i}!=v")));

        Assert.Equal(10_000, selector.Requirements.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void From_AbsentSelector_MatchesNothing_EmptyMatchesEverything()
    {
        Assert.False(LabelSelector.From(null).Matches(Labels));
        Assert.True(LabelSelector.From(new V1LabelSelector()).Matches(Labels));
        Assert.False(LabelSelector.FromLabels([]).Matches(Labels));
    }

    [Fact]
    public void From_LabelsAndExpressions_NeedsAll()
    {
        var selector = LabelSelector.From(new V1LabelSelector
        {
            MatchLabels = new Dictionary<string, string> { ["tier"] = "front" },
            MatchExpressions = [new V1LabelSelectorRequirement { Key = "app", OperatorProperty = "In", Values = ["web", "api"] }],
        });

        Assert.Equal("app in (api,web),tier=front", selector.ToString());
        Assert.True(selector.Matches(Labels));
        Assert.False(selector.Matches(new Dictionary<string, string> { ["tier"] = "front" }));
    }

    [Fact]
    public void From_UnknownOperator_SaysSo()
    {
        var selector = new V1LabelSelector { MatchExpressions = [new V1LabelSelectorRequirement { Key = "a", OperatorProperty = "Near" }] };

        Assert.Equal("\"Near\" is not a valid label selector operator", Assert.Throws<FormatException>(() => LabelSelector.From(selector)).Message);
    }
}
