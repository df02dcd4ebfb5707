using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tests.Serialization;

public sealed class CanonicalWriterTests
{
    [Theory]
    [InlineData("v1", "Pod", """{"status":{},"spec":{"containers":[{"image":"i","name":"c"}]},"metadata":{"labels":{"b":"2","a":"1"},"name":"p"},"kind":"Pod","apiVersion":"v1"}""",
        """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","labels":{"a":"1","b":"2"}},"spec":{"containers":[{"name":"c","image":"i","resources":{}}]},"status":{}}""")]
    [InlineData("v1", "Service", """{"kind":"Service","apiVersion":"v1","spec":{"ports":[{"port":80}]}}""",
        """{"kind":"Service","apiVersion":"v1","metadata":{},"spec":{"ports":[{"port":80,"targetPort":0}]},"status":{"loadBalancer":{}}}""")]
    [InlineData("v1", "ConfigMap", """{"kind":"ConfigMap","apiVersion":"v1","data":{"k":"<&>"}}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{},"data":{"k":"\u003c\u0026\u003e"}}""")]
    [InlineData("v1", "PodList", """{"kind":"PodList","apiVersion":"v1"}""", """{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[]}""")]
    [InlineData("rbac.authorization.k8s.io/v1", "Role", """{"kind":"Role"}""", """{"kind":"Role","metadata":{},"rules":null}""")]
    [InlineData("v1", "Event", """{"involvedObject":{"kind":"Pod"}}""",
        """{"metadata":{},"involvedObject":{"kind":"Pod"},"source":{},"firstTimestamp":null,"lastTimestamp":null,"eventTime":null,"reportingComponent":"","reportingInstance":""}""")]
    public void Write_OfAKind_IsWhatGoWrites(string apiVersion, string kind, string json, string expected) =>
        Assert.Equal(expected, Write(json, Type(apiVersion, kind)));

    [Fact]
    public void Write_NoType_SortsKeys() => Assert.Equal("""{"a":{"x":1,"y":2},"b":[1.5,1e+21]}""", Write("""{"b":[1.5,1e21],"a":{"y":2,"x":1}}""", null));

    [Fact]
    public void Write_OfWhatWasWritten_IsTheSame()
    {
        var pod = Type("v1", "Pod");
        var once = Write("""{"spec":{"containers":[{"name":"c","env":[{"name":"E","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}}]}]}}""", pod);

        Assert.Equal(once, Encoding.UTF8.GetString(JsonCodec.Write(ObjectDecoder.Decode(Encoding.UTF8.GetBytes(once), pod).Object, pod)));
    }

    [Theory]
    [InlineData("quote \" backslash \\", """quote \" backslash \\""")]
    [InlineData("\b\f\n\r\t\u0001\u007f", "\\b\\f\\n\\r\\t\\u0001\u007f")]
    [InlineData("'+/` é 你好 😀", "'+/` é 你好 😀")]
    [InlineData("\u2028\u2029", "\\u2028\\u2029")]
    public void Write_Strings_EscapesAsGoDoes(string text, string escaped) =>
        Assert.Equal($"{{\"a\":\"{escaped}\"}}", Encoding.UTF8.GetString(JsonCodec.Write(new JsonObject { ["a"] = text }, type: null)));

    [Fact]
    public void Write_LoneSurrogate_IsReplaced() =>
        Assert.Equal("{\"a\":\"x\\ufffdy\"}", Encoding.UTF8.GetString(JsonCodec.Write(new JsonObject { ["a"] = "x\ud800y" }, type: null)));

    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(-1.25, "-1.25")]
    [InlineData(100000000000000000000d, "100000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e-7, "1.5e-7")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(123456789.125, "123456789.125")]
    [InlineData(1e300, "1e+300")]
    public void Write_Floats_AreWrittenAsGoDoes(double number, string text) =>
        Assert.Equal($"{{\"a\":{text}}}", Encoding.UTF8.GetString(JsonCodec.Write(new JsonObject { ["a"] = number }, type: null)));

    private static string Write(string json, ObjectType? type) =>
        Encoding.UTF8.GetString(JsonCodec.Write(JsonCodec.Parse(Encoding.UTF8.GetBytes(json)), type));

    private static ObjectType Type(string apiVersion, string kind) =>
        TypeGraph.BuiltIn.Find(GroupVersionKind.Parse(apiVersion, kind)) ?? throw new InvalidOperationException(kind);
}
