using System.Diagnostics;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Patching;
using MiniKube.Api.Schema;

namespace MiniKube.Api.Tests.Patching;

public sealed class StrategicMergePatchTests
{
    private static readonly ObjectType Pod = TypeGraph.BuiltIn.Find(new GroupVersionKind("", "v1", "Pod"))!;
    private static readonly ObjectType Deployment = TypeGraph.BuiltIn.Find(new GroupVersionKind("apps", "v1", "Deployment"))!;

    [Theory]
    [InlineData(
        """{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}}""",
        """{"spec":{"containers":[{"name":"b","image":"2"}]}}""",
        """{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]}}""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"a"}]}}""",
        """{"spec":{"containers":[{"name":"c","image":"3"}]}}""",
        """{"spec":{"containers":[{"name":"c","image":"3"},{"name":"a"}]}}""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""",
        """{"spec":{"containers":[{"name":"a","$patch":"delete"}]}}""",
        """{"spec":{"containers":[{"name":"b"}]}}""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""",
        """{"spec":{"containers":[{"$patch":"replace"},{"name":"c"}]}}""",
        """{"spec":{"containers":[{"name":"c"}]}}""")]
    [InlineData(
        """{"metadata":{"labels":{"a":"1","b":"2"}}}""",
        """{"metadata":{"labels":{"a":null,"c":"3"}}}""",
        """{"metadata":{"labels":{"b":"2","c":"3"}}}""")]
    [InlineData(
        """{"metadata":{"labels":{"a":"1"}}}""",
        """{"metadata":{"labels":{"$patch":"replace","c":"3"}}}""",
        """{"metadata":{"labels":{"c":"3"}}}""")]
    [InlineData(
        """{"metadata":{"labels":{"a":"1"}}}""",
        """{"metadata":{"labels":{"$patch":"delete"}}}""",
        """{"metadata":{"labels":{}}}""")]
    [InlineData(
        """{"metadata":{"finalizers":["a","b"]}}""",
        """{"metadata":{"finalizers":["c","a"]}}""",
        """{"metadata":{"finalizers":["c","a","b"]}}""")]
    [InlineData(
        """{"metadata":{"finalizers":["a","b","c"]}}""",
        """{"metadata":{"$deleteFromPrimitiveList/finalizers":["b"]}}""",
        """{"metadata":{"finalizers":["a","c"]}}""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"a","args":["x"]}]}}""",
        """{"spec":{"containers":[{"name":"a","args":["y","z"]}]}}""",
        """{"spec":{"containers":[{"name":"a","args":["y","z"]}]}}""")]
    [InlineData(
        """{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}""",
        """{"spec":{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/"}}]}}""",
        """{"spec":{"volumes":[{"name":"v","hostPath":{"path":"/"}}]}}""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}}""",
        """{"spec":{"$setElementOrder/containers":[{"name":"c"},{"name":"a"}]}}""",
        """{"spec":{"containers":[{"name":"b"},{"name":"c"},{"name":"a"}]}}""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""",
        """{"spec":{"$setElementOrder/containers":[{"name":"c"},{"name":"b"},{"name":"a"}],"containers":[{"name":"c"}]}}""",
        """{"spec":{"containers":[{"name":"c"},{"name":"b"},{"name":"a"}]}}""")]
    [InlineData(
        """{"spec":{}}""",
        """{"spec":{"$setElementOrder/containers":[{"name":"c"}],"containers":[{"name":"c","$retainKeys":["name"],"image":null}]}}""",
        """{"spec":{"containers":[{"name":"c"}]}}""")]
    [InlineData(
        """{"spec":{"nodeName":"a"}}""",
        """{"spec":{"nodeName":null,"hostname":null}}""",
        """{"spec":{}}""")]
    [InlineData(
        """{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP"}]}]}}""",
        """{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"web"},{"containerPort":81}]}]}}""",
        """{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP","name":"web"},{"containerPort":81}]}]}}""")]
    public void Apply_Patch_MergesAsUpstream(string document, string patch, string expected) =>
        Assert.Equal(expected, StrategicMergePatch.Apply(Parse(document), Parse(patch), Pod).ToJsonString());

    [Fact]
    public void Apply_DeploymentStrategy_RetainsOnlyTheKeysNamed()
    {
        var document = Parse("""{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}""");

        var patched = StrategicMergePatch.Apply(
            document, Parse("""{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}"""), Deployment);

        Assert.Equal("""{"spec":{"strategy":{"type":"Recreate"}}}""", patched.ToJsonString());
    }

    [Theory]
    [InlineData("""{"metadata":{"$patch":"frob"}}""", 400, "unknown patch type: frob in map: map[$patch:frob]")]
    [InlineData("""{"spec":{"containers":[{"name":"a","$patch":"merge"}]}}""", 400, "merging lists cannot yet be specified in the patch")]
    [InlineData("""{"spec":{"containers":[{"image":"x"}]}}""", 400, "map: map[image:x] does not contain declared merge key: name")]
    [InlineData("""{"spec":{"$retainKeys":["a"],"nodeName":"b"}}""", 422, "the server rejected our request due to an error in our request")]
    [InlineData("""{"spec":{"$retainKeys":"a"}}""", 400, "invalid patch format of retainKeys")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":"a"}}""", 400, "invalid patch format of primitive list")]
    [InlineData("""{"spec":{"$setElementOrder/containers":"a"}}""", 400, "invalid patch format of setElementOrder list")]
    [InlineData(
        """{"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"name":"b"}]}}""",
        400,
        "The order in patch list:\n[map[name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n")]
    [InlineData("""{"spec":{"containers":[["x"]]}}""", 422, "the server rejected our request due to an error in our request")]
    [InlineData("""{"spec":{"containers":["x"]}}""", 422, "the server rejected our request due to an error in our request")]
    [InlineData("[]", 400, "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    public void Apply_BadPatch_IsRefused(string patch, int code, string message)
    {
        var document = Parse("""{"metadata":{"finalizers":["a"]},"spec":{"containers":[{"name":"a"}]}}""");

        var exception = Assert.Throws<StatusException>(() => StrategicMergePatch.Apply(document, JsonNode.Parse(patch), Pod));

        Assert.Equal((code, message), (exception.Code, exception.Message));
    }

    [Fact]
    public void Apply_RandomPatch_LeavesBothInputsAlone()
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var (document, patch) = (RandomPod.Create(random), RandomPod.Create(random));
            var (documentText, patchText) = (document.ToJsonString(), patch.ToJsonString());

            StrategicMergePatch.Apply(document, patch, Pod);

            Assert.Equal((documentText, patchText), (document.ToJsonString(), patch.ToJsonString()));
        }
    }

    [Fact]
    public void Apply_RandomPatch_KeepsEveryContainerOfBoth()
    {
        var random = new Random(9);
        for (var i = 0; i < 500; i++)
        {
            var (document, patch) = (RandomPod.Create(random), RandomPod.Create(random));

            var names = Names(StrategicMergePatch.Apply(document, patch, Pod));

            Assert.Equal(Names(document).Union(Names(patch)).Order(), names.Order());
            Assert.Equal(Names(patch), names.Where(Names(patch).Contains));
        }
    }

    [Fact]
    public void Apply_LongLists_TakesLinearTime()
    {
        var document = new JsonObject { ["spec"] = new JsonObject { ["containers"] = Containers(0, 50_000) } };
        var patch = new JsonObject { ["spec"] = new JsonObject { ["containers"] = Containers(25_000, 50_000) } };
        var watch = Stopwatch.StartNew();

        var patched = StrategicMergePatch.Apply(document, patch, Pod);

        Assert.Equal(75_000, Names(patched).Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60));
    }

    private static JsonArray Containers(int first, int count) =>
        new([.. Enumerable.Range(first, count).Select(i => new JsonObject { ["name"] = $"c{i}" })]);

    private static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();

    private static List<string> Names(JsonObject pod) => [.. pod["spec"]!["containers"]!.AsArray().Select(c => (string)c!["name"]!)];
}
