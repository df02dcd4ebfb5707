using System.Diagnostics;
using System.Text;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tests.Serialization;

public sealed class YamlCodecTests
{
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("on", "true")]
    [InlineData("y", "true")]
    [InlineData("Off", "false")]
    [InlineData("NO", "false")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("0644", "420")]
    [InlineData("0o644", "420")]
    [InlineData("0x1F", "31")]
    [InlineData("-0b11", "-3")]
    [InlineData("1_000", "1000")]
    [InlineData("08", "8")]
    [InlineData("1e3", "1000")]
    [InlineData("1.50", "1.5")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("9223372036854775808", "9223372036854776000")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("2024-01-02", "\"2024-01-02\"")]
    [InlineData("2024-01-02T03:04:05Z", "\"2024-01-02T03:04:05Z\"")]
    [InlineData("1:30", "\"1:30\"")]
    [InlineData("100m", "\"100m\"")]
    [InlineData("'yes'", "\"yes\"")]
    [InlineData("\"1\"", "\"1\"")]
    [InlineData("!!str 1", "\"1\"")]
    [InlineData("!!int \"1\"", "1")]
    [InlineData("!!binary aGk=", "\"hi\"")]
    [InlineData("|\n  a\n  b\n", "\"a\\nb\\n\"")]
    public void Parse_Scalar_MeansWhatGoYamlSays(string yaml, string json) =>
        Assert.Equal($$"""{"a":{{json}}}""", Json($"a: {yaml}"));

    [Theory]
    [InlineData("1: a\ntrue: b\n1.5: c", """{"1":"a","1.5":"c","true":"b"}""")]
    [InlineData("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("a: &x {b: 1, d: 2}\nc:\n  <<: *x\n  b: 3", """{"a":{"b":1,"d":2},"c":{"b":3,"d":2}}""")]
    [InlineData("a: 1\n---\nb: 2", """{"a":1}""")]
    [InlineData("{\"a\": [1, \"x\"]}", """{"a":[1,"x"]}""")]
    [InlineData("# comment\na: b # more", """{"a":"b"}""")]
    public void Parse_Document_IsTheJsonOfIt(string yaml, string json) => Assert.Equal(json, Json(yaml));

    [Fact]
    public void Parse_KeyTwice_IsOneStrictErrorAndTheLastCounts()
    {
        var decoded = YamlCodec.Parse("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n"u8);

        Assert.Equal(["yaml: unmarshal errors:\n  line 4: key \"c\" already set in map\n  line 5: key \"a\" already set in map"], decoded.StrictErrors);
        Assert.Equal(3, decoded.Object.IntegerAt("a"));
    }

    [Theory]
    [InlineData("a: *x", "yaml: unknown anchor 'x' referenced")]
    [InlineData("a: &x [*x]", "yaml: anchor 'x' value contains itself")]
    [InlineData("a: .inf", "json: unsupported value: .inf")]
    [InlineData("- a", "json: cannot unmarshal")]
    [InlineData("", "json: cannot unmarshal")]
    [InlineData("a: b: c", "yaml: line 1: ")]
    [InlineData("a: [", "yaml: ")]
    [InlineData("? {a: 1}\n: b", "yaml: unsupported map key")]
    [InlineData("a: \"\\q\"", "yaml: line 1: ")]
    public void Parse_WhatIsNoObject_IsAnError(string yaml, string message) => Assert.StartsWith(
        message, Assert.Throws<DecodeException>(() => YamlCodec.Parse(Encoding.UTF8.GetBytes(yaml))).Message, StringComparison.Ordinal);

    public static TheoryData<string> Bombs =>
    [
        string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat(i == 1 ? "lol" : $"*a{i - 1}", 9))}]\n")),
        "a: " + new string('[', 1_000_000),
        "a: " + new string('{', 1_000_000),
        string.Concat(Enumerable.Repeat("a: ", 300_000)),
        string.Concat(Enumerable.Repeat("- ", 500_000)),
        string.Concat(Enumerable.Range(0, 3000).Select(i => new string(' ', i) + "a:\n")),
        "a: &a [" + string.Concat(Enumerable.Repeat("x,", 250_000)) + "]\nb: [" + string.Concat(Enumerable.Repeat("*a,", 99)) + "]",
        "&a " + string.Concat(Enumerable.Repeat("&a ", 300_000)),
        string.Concat(Enumerable.Repeat("? ", 300_000)),
    ];

    [Theory]
    [MemberData(nameof(Bombs), DisableDiscoveryEnumeration = true)]
    public void Parse_Bomb_IsRefusedSoon(string yaml)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();

        Assert.Throws<DecodeException>(() => YamlCodec.Parse(Encoding.UTF8.GetBytes(yaml)));

        // Well under a second on an idle machine; what grows with the square of the text takes minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed} for {yaml[..20]}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < 500_000_000);
    }

    [Fact]
    public void Write_Object_ReadsBackTheSame()
    {
        const string json = """{"a":"yes","b":["1","- x","multi\nline\n",{"c":null,"d":{}}],"e":[],"f":1.5,"g":" lead","h":"","i":true,"true":"#"}""";

        var yaml = YamlCodec.Write(JsonCodec.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(json, Json(yaml));
        Assert.StartsWith("a: \"yes\"\nb:\n- \"1\"\n- '- x'\n- |\n  multi\n  line\n- c: null\n  d: {}\ne: []\n", yaml, StringComparison.Ordinal);
    }

    private static string Json(string yaml) =>
        Encoding.UTF8.GetString(JsonCodec.Write(YamlCodec.Parse(Encoding.UTF8.GetBytes(yaml)).Object, type: null));
}
