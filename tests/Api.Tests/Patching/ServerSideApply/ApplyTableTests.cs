namespace MiniKube.Api.Tests.Patching.ServerSideApply;

/// <summary>What apply makes of an object: tables after the behaviour of structured-merge-diff. A step is <c>manager: object</c>; <c>+</c> applies, <c>!</c> forces, <c>=</c> updates.</summary>
public sealed class ApplyTableTests
{
    [Theory]

    // Items of lists: by their keys, in the configuration's order; others keep their place.
    [InlineData("""{"list":[{"name":"a","value":1},{"name":"b","value":2}]}""", """= u {"list":[{"name":"a","value":1}]}""", """+ one {"list":[{"name":"b","value":2}]}""")]
    [InlineData("""{"list":[{"name":"x","value":0},{"name":"b"},{"name":"a","value":1}]}""", """= u {"list":[{"name":"x","value":0},{"name":"a","value":1}]}""", """+ one {"list":[{"name":"b"},{"name":"a"}]}""")]
    [InlineData("""{"list":[{"name":"b"},{"name":"a"}]}""", """+ one {"list":[{"name":"a"},{"name":"b"}]}""", """+ one {"list":[{"name":"b"},{"name":"a"}]}""")]
    [InlineData("""{"list":[{"name":"a"},{"name":"c"},{"name":"b"}]}""", """= u {"list":[{"name":"a"},{"name":"b"}]}""", """+ one {"list":[{"name":"a"},{"name":"c"},{"name":"b"}]}""")]
    [InlineData("""{"list":[{"name":"a","value":1,"other":2}]}""", """+ one {"list":[{"name":"a","value":1}]}""", """+ two {"list":[{"name":"a","other":2}]}""")]

    // An item goes with its last owner, and takes along what nobody else owns in it.
    [InlineData("{}", """+ one {"list":[{"name":"a","value":1}]}""", "+ one {}")]
    [InlineData("""{"list":[{"name":"a","other":2}]}""", """+ one {"list":[{"name":"a","value":1}]}""", """+ two {"list":[{"name":"a","other":2}]}""", "+ one {}")]
    [InlineData("""{"list":[{"name":"b"}]}""", """+ one {"list":[{"name":"a"},{"name":"b"}]}""", """+ one {"list":[{"name":"b"}]}""")]
    [InlineData("""{"list":[{"name":"a","value":1}]}""", """= u {"list":[{"name":"a","value":1}]}""", """+ one {"list":[{"name":"a"}]}""", "+ one {}")]

    // Keys with defaults: the same item, whether the default is written or not.
    [InlineData(
        """{"list":[{"name":"a","ports":[{"port":80,"protocol":"TCP","name":"web"},{"port":80,"protocol":"UDP"}]}]}""",
        """= u {"list":[{"name":"a","ports":[{"port":80,"protocol":"TCP"},{"port":80,"protocol":"UDP"}]}]}""",
        """+ one {"list":[{"name":"a","ports":[{"port":80,"name":"web"}]}]}""")]
    [InlineData("""{"list":[{"name":"a"}]}""", """+ one {"list":[{"name":"a","ports":[{"port":80}]}]}""", """+ one {"list":[{"name":"a"}]}""")]

    // Sets.
    [InlineData("""{"set":["a","b","c"]}""", """+ one {"set":["a","b"]}""", """+ two {"set":["b","c"]}""")]
    [InlineData("""{"set":["b","c"]}""", """+ one {"set":["a","b"]}""", """+ two {"set":["b","c"]}""", "+ one {}")]
    [InlineData("""{"set":["a","c"]}""", """+ one {"set":["a","b","c"]}""", """+ one {"set":["a","c"]}""")]
    [InlineData("""{"numbers":[2,1]}""", """+ one {"numbers":[1]}""", """+ two {"numbers":[2,1]}""")]

    // As a whole.
    [InlineData("""{"atomicList":["c"]}""", """+ one {"atomicList":["a","b"]}""", """+ one {"atomicList":["c"]}""")]
    [InlineData("""{"atomicMap":{"b":"1"}}""", """+ one {"atomicMap":{"a":"1"}}""", """+ one {"atomicMap":{"b":"1"}}""")]
    [InlineData("""{"atomicInner":{"b":"1"}}""", """+ one {"atomicInner":{"a":"1"}}""", """! two {"atomicInner":{"b":"1"}}""")]

    // Key by key.
    [InlineData("""{"map":{"a":"1","b":"1"}}""", """+ one {"map":{"a":"1"}}""", """+ two {"map":{"b":"1"}}""")]
    [InlineData("""{"map":{"b":"1"}}""", """+ one {"map":{"a":"1"}}""", """+ two {"map":{"b":"1"}}""", "+ one {}")]
    [InlineData("{}", """+ one {"map":{"a":"1"}}""", "+ one {}")]
    [InlineData("""{"inner":{"b":"1"}}""", """+ one {"inner":{"a":"1"}}""", """+ one {"inner":{"b":"1"}}""")]
    [InlineData("""{"map":{"a":"1","u":"1"}}""", """= u {"map":{"u":"1"}}""", """+ one {"map":{"a":"1"}}""")]
    [InlineData("""{"map":{}}""", """+ one {"map":{}}""")]

    // What no schema names: maps key by key, lists as a whole.
    [InlineData("""{"open":{"x":{"a":1,"b":2}}}""", """+ one {"open":{"x":{"a":1}}}""", """+ two {"open":{"x":{"b":2}}}""")]
    [InlineData("""{"open":{"x":{"b":2}}}""", """+ one {"open":{"x":{"a":1}}}""", """+ two {"open":{"x":{"b":2}}}""", "+ one {}")]
    [InlineData("""{"open":{"l":[{"b":2}]}}""", """+ one {"open":{"l":[{"a":1}]}}""", """+ one {"open":{"l":[{"b":2}]}}""")]
    [InlineData("""{"open":{"x":"text"}}""", """+ one {"open":{"x":{"a":1}}}""", """+ one {"open":{"x":"text"}}""")]
    [InlineData("""{"open":{"known":"k"}}""", """+ one {"open":{"known":"k","x":1}}""", """+ one {"open":{"known":"k"}}""")]

    // Items that came twice by an update: untouched, or replaced by the one that is applied.
    [InlineData("""{"set":["a","a","b","c"]}""", """= u {"set":["a","a","b"]}""", """+ one {"set":["c"]}""")]
    [InlineData("""{"set":["a","b"]}""", """= u {"set":["a","a","b"]}""", """! one {"set":["a"]}""")]
    [InlineData("""{"list":[{"name":"a","value":3},{"name":"b"}]}""", """= u {"list":[{"name":"a","value":1},{"name":"a","value":2},{"name":"b"}]}""", """! one {"list":[{"name":"a","value":3}]}""")]
    public void Apply_Steps_GiveTheObjectOfUpstream(string expected, params string[] steps) => Assert.Equal(expected, Run(steps).Object);

    [Theory]
    [InlineData(".map.a", """+ one {"map":{"a":"1"}}""", """+ two {"map":{"a":"2"}}""")]
    [InlineData(".list[name=\"a\"].value", """+ one {"list":[{"name":"a","value":1}]}""", """+ two {"list":[{"name":"a","value":2}]}""")]
    [InlineData(".list[name=\"a\"].ports[port=80,protocol=\"TCP\"].name", """+ one {"list":[{"name":"a","ports":[{"port":80,"name":"x"}]}]}""", """+ two {"list":[{"name":"a","ports":[{"port":80,"name":"y"}]}]}""")]
    [InlineData(".atomicList", """+ one {"atomicList":["a"]}""", """+ two {"atomicList":["b"]}""")]
    [InlineData(".atomicMap", """+ one {"atomicMap":{"a":"1"}}""", """+ two {"atomicMap":{"b":"1"}}""")]
    [InlineData(".open.x.a", """+ one {"open":{"x":{"a":1}}}""", """+ two {"open":{"x":{"a":2}}}""")]
    [InlineData(".set[=\"a\"]", """= one {"set":["a","a"]}""", """+ two {"set":["a"]}""")]
    [InlineData(".list[name=\"a\"]", """= one {"list":[{"name":"a","value":1},{"name":"a","value":2}]}""", """+ two {"list":[{"name":"a","value":2}]}""")]
    public void Apply_OtherValue_ConflictsAtThatPath(string path, params string[] steps)
    {
        var state = Run(steps[..^1]);

        var conflict = state.Refused("two", steps[^1][6..]);

        Assert.Equal(path, Assert.Single(conflict.Status.Details.Causes).Field);
        Assert.EndsWith($": {path}", conflict.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"f:list":{".":{},"k:{\"name\":\"a\"}":{}}}""", """= u {"list":[{"name":"a"},{"name":"a","value":2}]}""")]
    [InlineData("""{"f:set":{".":{},"v:\"a\"":{},"v:\"b\"":{}}}""", """= u {"set":["b","a"]}""")]
    [InlineData("""{"f:numbers":{".":{},"v:2":{},"v:10":{}}}""", """= u {"numbers":[10,2]}""")]
    [InlineData("""{"f:map":{".":{},"f:a":{},"f:b":{}},"f:open":{".":{},"f:x":{".":{},"f:y":{}}}}""", """= u {"open":{"x":{"y":1}},"map":{"b":"1","a":"1"}}""")]
    [InlineData("""{"f:atomicInner":{},"f:atomicList":{},"f:atomicMap":{},"f:inner":{".":{},"f:a":{}}}""", """= u {"inner":{"a":"1"},"atomicInner":{"a":"1"},"atomicList":["a"],"atomicMap":{"a":"1"}}""")]
    public void Update_NewObject_OwnsInUpstreamsForm(string fields, string step) => Assert.Equal(fields, Run(step).FieldsOf("u", "Update"));

    [Theory]
    [InlineData("""{"f:list":{"k:{\"name\":\"a\"}":{".":{},"f:name":{},"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:port":{}}}}}}""", """{"list":[{"name":"a","ports":[{"port":80}]}]}""")]
    [InlineData("""{"f:map":{},"f:open":{"f:x":{".":{},"f:y":{}}},"f:set":{"v:\"a\"":{}}}""", """{"set":["a"],"map":{},"open":{"x":{"y":1}}}""")]
    public void Apply_NewObject_OwnsInUpstreamsForm(string fields, string config) =>
        Assert.Equal(fields, Run($"+ one {config}").FieldsOf("one"));

    private static ApplyState Run(params string[] steps)
    {
        var state = new ApplyState(HandmadeType.Thing, "test/v1", "Thing");
        foreach (var step in steps)
        {
            var parts = step.Split(' ', 3);
            _ = parts[0] == "=" ? state.Update(parts[1], parts[2]) : state.Apply(parts[1], parts[2], force: parts[0] == "!");
        }

        return state;
    }
}
