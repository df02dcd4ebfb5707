using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Tests.Resources;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Tests.WatchCache;

public sealed class PartReaderTests
{
    // Something at every place that a selectable field of a built-in kind is read from.
    private const string Full = """
        {"kind":"K","apiVersion":"v1","metadata":{"name":"n"},"type":"t","reason":"r","reportingComponent":"c","reportingController":"c","source":{"component":"s","host":"h"},
        "involvedObject":{"kind":"a","namespace":"b","name":"c","uid":"d","apiVersion":"e","resourceVersion":"f","fieldPath":"g"},
        "regarding":{"kind":"a","namespace":"b","name":"c","uid":"d","apiVersion":"e","resourceVersion":"f","fieldPath":"g"},
        "spec":{"nodeName":"n","restartPolicy":"Always","schedulerName":"s","serviceAccountName":"a","hostNetwork":true,"unschedulable":true,"clusterIP":"10.0.0.1","type":"ClusterIP",
        "signerName":"x","driver":"d","other":{"spec":{"nodeName":"wrong"}}},
        "status":{"phase":"Running","nominatedNodeName":"m","podIPs":[{"ip":"10.1.0.1"},{"ip":"fd00::1"}],"replicas":3,"succeeded":2}}
        """;

    [Fact]
    public void SelectableFields_OfEveryKind_ReadTheSameFromTheirParts()
    {
        var fields = Strategies.All.SelectMany(strategy => strategy.SelectableFields.Select(field => (strategy, field.Key, field.Value))).ToList();

        Assert.NotEmpty(fields);
        Assert.All(fields, field =>
        {
            var (strategy, name, read) = field;
            var whole = read((JsonObject)JsonNode.Parse(Full)!);
            Assert.True(whole.Length > 0, $"{strategy.Kind.Kind}: the object above has no {name}");
            Assert.Equal(whole, read(PartsOf(strategy).Read(Encoding.UTF8.GetBytes(Full))));
        });
    }

    [Theory]
    [InlineData("""{"a":{"b":1,"c":2},"d":3}""", """{"a":{"b":1}}""")]
    [InlineData("""{"a":null,"d":[1]}""", "{}")]
    [InlineData("""{"a":[{"b":1}]}""", "{}")]
    [InlineData("""{"e":{"b":{"f":[1,2]}}}""", """{"e":{"b":{"f":[1,2]}}}""")]
    public void Read_OnlyThosePaths(string json, string expected) =>
        Assert.Equal(expected, new PartReader(["a.b", "e"]).Read(Encoding.UTF8.GetBytes(json)).ToJsonString());

    [Fact]
    public void Read_ADeepObject_IsNotRefused()
    {
        var json = string.Concat(Enumerable.Repeat("{\"x\":", 400)) + "1" + new string('}', 400);

        Assert.Empty(new PartReader(["a"]).Read(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"a":""")]
    [InlineData("{} {}")]
    [InlineData("{}]")]
    public void Read_WhatIsNoObject_IsAJsonException(string json) => Assert.ThrowsAny<JsonException>(() => new PartReader(["a"]).Read(Encoding.UTF8.GetBytes(json)));

    private static PartReader PartsOf(ResourceStrategy strategy) => new(strategy.SelectablePaths);
}
