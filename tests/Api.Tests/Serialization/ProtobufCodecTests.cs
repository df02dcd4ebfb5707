using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;
using MiniKube.TestSupport;

namespace MiniKube.Api.Tests.Serialization;

public sealed class ProtobufCodecTests
{
    private const int Seed = 20240501;

    public static TheoryData<string, string> Kinds =>
        [.. TypeGraph.BuiltIn.Kinds.Select(type => (type.GroupVersionKind.ApiVersion, type.Name))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EncodeThenDecode_RandomObjectOfEveryKind_IsTheSame(string apiVersion, string kind)
    {
        var type = Type(apiVersion, kind);
        for (var round = 0; round < 3; round++)
        {
            var random = new RandomObject(new Random(Seed + round));
            var given = ObjectDecoder.Decode(random.OfKind(type), type);
            Assert.Empty(given.StrictErrors);

            var back = ProtobufCodec.Decode(ProtobufCodec.Encode(given.Object, type)).Object;

            Assert.Equal(Text(given.Object, type), Text(back, type));
            Assert.Equal(Text(given.Object, type), Text(ObjectDecoder.Decode(JsonCodec.Write(back, type), type).Object, type));
        }
    }

    [Theory]
    [InlineData("v1", "DeleteOptions", """{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,"preconditions":{"uid":"u"},"propagationPolicy":"Background"}""")]
    [InlineData("apps/v1", "DeleteOptions", """{"kind":"DeleteOptions","apiVersion":"apps/v1","dryRun":["All"]}""")]
    [InlineData("v1", "Status", """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":404}""")]
    [InlineData("v1", "List", """{"kind":"List","apiVersion":"v1","metadata":{},"items":[{"kind":"ConfigMap","apiVersion":"v1"}]}""")]
    public void EncodeThenDecode_MetaKind_IsTheSame(string apiVersion, string kind, string json)
    {
        var type = Type(apiVersion, kind);

        Assert.Equal(json, Text(ProtobufCodec.Decode(ProtobufCodec.Encode(JsonCodec.Parse(Encoding.UTF8.GetBytes(json)), type)).Object, type));
    }

    // What kubectl 1.35 sent: a path and the body in hexadecimal a line.
    public static TheoryData<string, string> RecordedBodies =>
    [
        .. File.ReadLines(Path.Combine(RepositoryRoot.Path, "tests/Api.Tests/Serialization/Golden/kubectl-1.35-bodies.tsv"))
            .Select(line => line.Split('\t'))
            .Select(columns => (columns[0], columns[1])),
    ];

    [Theory]
    [MemberData(nameof(RecordedBodies))]
    public void DecodeThenEncode_BodyOfKubectl_IsTheSameBytes(string path, string hex)
    {
        var decoded = ProtobufCodec.Decode(Convert.FromHexString(hex)).Object;
        var type = Type(decoded.StringAt("apiVersion")!, decoded.StringAt("kind")!);

        Assert.Equal(hex, Convert.ToHexStringLower(ProtobufCodec.Encode(decoded, type)));
        Assert.NotEmpty(path);
    }

    [Fact]
    public void Decode_DeploymentOfKubectl_IsTheObject()
    {
        var hex = RecordedBodies.Single(row => row.Data.Item1.EndsWith("/deployments", StringComparison.Ordinal)).Data.Item2;

        Assert.Equal(
            """{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","namespace":"ns","labels":{"app":"web"}},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"nginx","image":"nginx:1","ports":[{"containerPort":80}],"resources":{}}]}},"strategy":{}},"status":{}}""",
            Text(ProtobufCodec.Decode(Convert.FromHexString(hex)).Object, Type("apps/v1", "Deployment")));
    }

    [Fact]
    public void Decode_ItemsInEnvelopes_AreRead()
    {
        var inner = ProtobufCodec.Encode(JsonCodec.Parse("""{"kind":"ConfigMap","apiVersion":"v1","data":{"a":"1"}}"""u8), Type("v1", "ConfigMap"));
        byte[] item = [0x0A, (byte)inner.Length, .. inner];
        byte[] list = [.. "k8s\0"u8, 0x0A, 10, 0x0A, 2, .. "v1"u8, 0x12, 4, .. "List"u8, 0x12, (byte)(item.Length + 2), 0x12, (byte)item.Length, .. item];

        Assert.Equal("1", ((JsonArray)ProtobufCodec.Decode(list).Object["items"]!)[0].StringAt("data", "a"));
    }

    [Fact]
    public void Decode_NoKind_IsTheExpectedOne() => Assert.Equal(
        "Pod", ProtobufCodec.Decode([.. "k8s\0"u8, 0x12, 0], new GroupVersionKind("", "v1", "Pod")).Object.StringAt("kind"));

    [Theory]
    [InlineData("", "empty data")]
    [InlineData("7B7D", "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")]
    [InlineData("6B387300", "Object 'Kind' is missing in")]
    [InlineData("6B387300FFFFFFFFFFFFFFFFFFFFFF", "proto: integer overflow")]
    [InlineData("6B3873000A", "unexpected EOF")]
    [InlineData("6B3873000AFFFFFFFF7F", "proto: negative length")]
    [InlineData("6B3873000A7F", "unexpected EOF")]
    [InlineData("6B38730007", "proto: illegal tag")]
    [InlineData("6B3873000801", "proto: wrong wireType = 0 for field TypeMeta")]
    [InlineData("6B3873001B", "proto: illegal wireType 3")]
    [InlineData("6B3873000A080A02763112024E6F", "no kind \"No\" is registered for version \"v1\"")]
    public void Decode_Garbage_SaysWhatIsWrong(string hex, string message) => Assert.StartsWith(
        message, Assert.Throws<DecodeException>(() => ProtobufCodec.Decode(Convert.FromHexString(hex))).Message, StringComparison.Ordinal);

    [Fact]
    public void Decode_DamagedObjects_FailsCleanlyOrReads()
    {
        var random = new Random(Seed);
        var type = Type("v1", "Pod");
        var failures = 0;
        for (var round = 0; round < 500; round++)
        {
            var bytes = ProtobufCodec.Encode(ObjectDecoder.Decode(new RandomObject(new Random(round % 20)).OfKind(type), type).Object, type);
            for (var i = 0; i < 3; i++)
            {
                bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                var decoded = ProtobufCodec.Decode(bytes.AsSpan(0, random.Next(4, bytes.Length + 1))).Object;
                JsonCodec.Write(decoded, TypeGraph.BuiltIn.Find(GroupVersionKind.Parse(decoded.StringAt("apiVersion"), decoded.StringAt("kind"))));
            }
            catch (DecodeException)
            {
                failures++;
            }
        }

        Assert.InRange(failures, 100, 500);
    }

    // Schemas in schemas, and lists in lists: each level costs a few bytes only.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_DeepNesting_IsRefusedSoon(bool envelopes)
    {
        var watch = Stopwatch.StartNew();
        byte[] message = [];
        for (var level = 0; level < 2_000; level++)
        {
            message = envelopes
                ? Delimited(2, Delimited(1, [.. "k8s\0"u8, .. Delimited(1, [.. Delimited(1, "v1"u8), .. Delimited(2, "List"u8)]), .. Delimited(2, message)]))
                : Delimited(28, message);
        }

        byte[] body = envelopes
            ? [.. "k8s\0"u8, .. Delimited(1, [.. Delimited(1, "v1"u8), .. Delimited(2, "List"u8)]), .. Delimited(2, message)]
            : [.. "k8s\0"u8, .. Delimited(1, [.. Delimited(1, "apiextensions.k8s.io/v1"u8), .. Delimited(2, "CustomResourceDefinition"u8)]), .. Delimited(2, Delimited(2, Delimited(7, Delimited(4, Delimited(1, message)))))];

        Assert.Equal("exceeded max depth", Assert.Throws<DecodeException>(() => ProtobufCodec.Decode(body)).Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), watch.Elapsed.ToString());
    }

    private static byte[] Delimited(int number, ReadOnlySpan<byte> content)
    {
        var writer = new WireWriter();
        writer.Bytes(number, content);
        return writer.ToArray();
    }

    private static string Text(JsonObject obj, ObjectType type) => Encoding.UTF8.GetString(JsonCodec.Write(obj, type));

    private static ObjectType Type(string apiVersion, string kind) =>
        TypeGraph.BuiltIn.Find(GroupVersionKind.Parse(apiVersion, kind)) ?? throw new InvalidOperationException(kind);
}
