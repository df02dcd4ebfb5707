using System.Text;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Tests.Serialization;

public sealed class ObjectDecoderTests
{
    [Theory]
    [InlineData("""{"spec":{"replicas":"three"}}""", "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("""{"spec":{"replicas":1.5}}""", "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("""{"spec":{"replicas":2147483648}}""", "json: cannot unmarshal number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("""{"metadata":{"labels":{"a":1}}}""", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":{}}}}}""", "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"ports":true}]}}}}""", "json: cannot unmarshal bool into Go struct field Container.spec.template.spec.containers.ports of type []v1.ContainerPort")]
    [InlineData("""{"spec":[]}""", "json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec")]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type v1.Deployment")]
    [InlineData("""{"spec":{"strategy":{"rollingUpdate":{"maxSurge":true}}}}""", "json: cannot unmarshal bool into Go value of type int32")]
    [InlineData("""{"metadata":{"creationTimestamp":"now"}}""", "parsing time \"now\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"now\" as \"2006\"")]
    [InlineData("{", "unexpected end of JSON input")]
    [InlineData("{]", "invalid character ']' looking for beginning of object key string")]
    [InlineData("""{"a":1}x""", "invalid character 'x' after top-level value")]
    public void Decode_WrongValue_SaysWhatGoSays(string json, string message) =>
        Assert.Equal(message, Assert.Throws<DecodeException>(() => Decode("apps/v1", "Deployment", json)).Message);

    [Fact]
    public void Decode_UnknownAndDuplicateFields_AreReportedWithTheirPathAndDropped()
    {
        var decoded = Decode("v1", "Pod", """
            {"spek":{},"spec":{"containers":[{"name":"a","image":"x","imag":"y"}],"nodeName":"n1","nodeName":"n2"},
             "metadata":{"labels":{"a":"1","a":"2"}}}
            """);

        Assert.Equal(
            ["unknown field \"spek\"", "unknown field \"spec.containers[0].imag\"", "duplicate field \"spec.nodeName\"", "duplicate field \"metadata.labels.a\""],
            decoded.StrictErrors);
        Assert.Equal(
            """{"spec":{"containers":[{"name":"a","image":"x"}],"nodeName":"n2"},"metadata":{"labels":{"a":"2"}}}""",
            decoded.Object.ToJsonString());
    }

    [Fact]
    public void Decode_ManyUnknownFields_ReportsAHundred()
    {
        var body = new StringBuilder("{").AppendJoin(',', Enumerable.Range(0, 1000).Select(i => $"\"x{i}\":1")).Append('}').ToString();

        Assert.Equal(100, Decode("v1", "Pod", body).StrictErrors.Count);
    }

    [Theory]
    [InlineData("""{"spec":{"nodeName":null,"hostNetwork":false,"volumes":[],"priority":0}}""", """{"spec":{"priority":0}}""")]
    [InlineData("""{"spec":{"securityContext":{},"nodeSelector":{}}}""", """{"spec":{"securityContext":{}}}""")]
    [InlineData("""{"metadata":{"labels":{"a":null},"annotations":null}}""", """{"metadata":{"labels":{"a":""}}}""")]
    [InlineData("""{"metadata":{"creationTimestamp":"2024-05-06T07:08:09.987654+02:00"}}""", """{"metadata":{"creationTimestamp":"2024-05-06T05:08:09Z"}}""")]
    [InlineData("""{"metadata":{"creationTimestamp":"0001-01-01T00:00:00Z"}}""", """{"metadata":{}}""")]
    [InlineData("""{"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":80}}}]}}""", """{"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":80}}}]}}""")]
    public void Decode_Pod_IsNormalized(string json, string expected) => Assert.Equal(expected, Decode("v1", "Pod", json).Object.ToJsonString());

    [Theory]
    [InlineData("\"1000m\"", "1")]
    [InlineData("0.5", "500m")]
    [InlineData("\"1024Mi\"", "1Gi")]
    public void Decode_Quantity_IsCanonical(string given, string expected) => Assert.Equal(
        expected,
        Decode("v1", "Node", "{\"status\":{\"capacity\":{\"cpu\":" + given + "}}}").Object.StringAt("status", "capacity", "cpu"));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"1x\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public void Decode_NoQuantity_IsAnError(string given) => Assert.StartsWith(
        "quantities must match the regular expression",
        Assert.Throws<DecodeException>(() => Decode("v1", "Node", "{\"status\":{\"capacity\":{\"cpu\":" + given + "}}}")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Decode_MicroTime_KeepsSixDecimals() => Assert.Equal(
        """{"spec":{"renewTime":"2024-05-06T07:08:09.123456Z"}}""",
        Decode("coordination.k8s.io/v1", "Lease", """{"spec":{"renewTime":"2024-05-06T07:08:09.123456789Z"}}""").Object.ToJsonString());

    [Fact]
    public void Decode_SchemaUnions_TakeTheirForms()
    {
        const string schema = """{"spec":{"versions":[{"schema":{"openAPIV3Schema":{"items":{"type":"string"},"additionalProperties":true,"not":{"items":[{"type":"object"}]},"default":{"b":1,"a":[null]}}}}]}}""";

        Assert.Equal(schema, Decode("apiextensions.k8s.io/v1", "CustomResourceDefinition", schema).Object.ToJsonString());
    }

    [Fact]
    public void Decode_TooDeep_IsAnError()
    {
        var json = $$$"""{"data":{{{new string('[', 100_000)}}}""";

        Assert.Equal("unexpected end of JSON input", Assert.Throws<DecodeException>(() => Decode("apps/v1", "ControllerRevision", json)).Message);
        json += new string(']', 100_000) + "}";
        Assert.Equal("exceeded max depth", Assert.Throws<DecodeException>(() => Decode("apps/v1", "ControllerRevision", json)).Message);
    }

    [Fact]
    public void Decode_TextThatIsNotUtf8_IsMadeSo()
    {
        var bytes = "{\"metadata\":{\"name\":\"a?b\"}}"u8.ToArray();
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;

        Assert.Equal("a\uFFFDb", ObjectDecoder.Decode(bytes, Type("v1", "Pod")).Object.StringAt("metadata", "name"));
    }

    [Fact]
    public void Decode_LoneSurrogate_IsAnError() =>
        Assert.Throws<DecodeException>(() => Decode("v1", "Pod", """{"metadata":{"name":"\ud800"}}"""));

    private static DecodedObject Decode(string apiVersion, string kind, string json) =>
        ObjectDecoder.Decode(Encoding.UTF8.GetBytes(json), Type(apiVersion, kind));

    private static ObjectType Type(string apiVersion, string kind) =>
        TypeGraph.BuiltIn.Find(GroupVersionKind.Parse(apiVersion, kind)) ?? throw new InvalidOperationException(kind);
}
