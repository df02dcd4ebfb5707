using System.IO.Compression;
using System.Text;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>The requests of the list that are one request each. What they change, other tests look at; here is what they cost.</summary>
internal static class BadRequests
{
    private const string ConfigMaps = "/api/v1/namespaces/bad/configmaps";
    private const string Pods = "/api/v1/namespaces/bad/pods";
    private const string Yaml = "application/yaml";
    private const string Apply = "application/apply-patch+yaml";
    private const string MergePatch = "application/merge-patch+json";
    private const string JsonPatch = "application/json-patch+json";
    private const int MebiByte = 1024 * 1024;

    public static IReadOnlyList<BadRequest> All { get; } = [.. Bodies(), .. Patches(), .. Paths(), .. Objects(), .. Users()];

    private static IEnumerable<BadRequest> Bodies()
    {
        yield return Post("B01 aliases of aliases", 400, () => "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + string.Concat("bcdefghi".Select(name => $"{name}: &{name} [{string.Join(',', Enumerable.Repeat($"*{(char)(name - 1)}", 9))}]\n")), Yaml);
        foreach (var character in "[{&-")
        {
            yield return Post($"B02 YAML of {character}", 400, () => new string(character, MebiByte), Yaml);
        }

        yield return Post("B02 long key", 400, () => $"? {new string('k', MebiByte)}\n: [", Yaml);
        yield return Post("B03 deep arrays", 400, () => """{"metadata":{"name":"x"},"data":""" + string.Concat(Enumerable.Repeat("[", 10_000)));
        yield return Post("B03 deep objects", 400, () => """{"metadata":{"name":"x"},"data":""" + string.Concat(Enumerable.Repeat("{\"a\":", 10_000)));
        yield return Post("B04 deep YAML", 400, () => "metadata: {name: x}\ndata: " + string.Concat(Enumerable.Repeat("{a: ", 10_000)) + "b" + new string('}', 10_000), Yaml);
        yield return Post("B05 duplicate keys, strict", 400, () => """{"metadata":{"name":"b05"},"data":{"k":"1"},"data":{"k":"2"}}""", query: "?fieldValidation=Strict");
        yield return Post("B05 a hundred thousand duplicate keys", 201, () => """{"metadata":{"name":"b05"},"data":{"k":"1"}""" + string.Concat(Enumerable.Repeat(",\"data\":{\"k\":\"2\"}", 100_000)) + "}");
        yield return Post("B06 three mebibytes and one byte", 413, () => new string(' ', (3 * MebiByte) + 1)) with { Headers = ["Expect: 100-continue"] };
        yield return new BadRequest("B06 a gibibyte in gzip", 400, ConfigMaps) { Method = HttpMethod.Post, Body = GzipBomb, Headers = ["Content-Encoding: gzip"] };
        yield return Post("B07 more than the store takes", 413, () =>
            $$$"""{"metadata":{"name":"b07"},"spec":{"containers":[{{{string.Join(',', Enumerable.Range(0, 40).Select(LargeContainer))}}}]} }""") with { Path = Pods };
        yield return Post("B11 unknown type", 415, () => "{}", "application/x-frob");
        yield return Post("B11 CBOR", 415, () => "\u00d9\u00d9\u00f7\u00a1\u00ff", "application/cbor");
        yield return Patch("B11 apply of CBOR", 415, "application/apply-patch+cbor", () => "\u00d9\u00d9\u00f7\u00a1\u00ff");
        yield return new BadRequest("B11 nothing acceptable", 406, ConfigMaps) { Headers = ["Accept: application/xml"] };
        yield return new BadRequest("B11 garbage in protobuf", 400, ConfigMaps)
        {
            Method = HttpMethod.Post,
            ContentType = "application/vnd.kubernetes.protobuf",
            Body = () => [.. "k8s\0"u8, .. Enumerable.Repeat((byte)0xFF, MebiByte)],
        };
        yield return new BadRequest("B11 a length of 2^31 in protobuf", 400, ConfigMaps)
        {
            Method = HttpMethod.Post, ContentType = "application/vnd.kubernetes.protobuf", Body = () => [.. "k8s\0"u8, 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1],
        };
    }

    private static IEnumerable<BadRequest> Patches()
    {
        yield return Patch("B08 10,001 operations", 413, JsonPatch, () => $"[{string.Join(',', Enumerable.Repeat("""{"op":"add","path":"/data/k","value":"v"}""", 10_001))}]");
        yield return Patch("B08 copies that double", 422, JsonPatch, () =>
            $"[{string.Join(',', Enumerable.Range(0, 60).Select(index => $$"""{"op":"copy","from":"/metadata","path":"/metadata/c{{index}}"}"""))}]");
        yield return Patch("B09 an array", 400, MergePatch, () => "[]");
        yield return Patch("B09 another name", 400, MergePatch, () => """{"metadata":{"name":"b"}}""");
        yield return Patch("B09 another uid", 422, MergePatch, () => """{"metadata":{"uid":"b"}}""");
        yield return Patch("B09 unknown directive", 400, "application/strategic-merge-patch+json", () => """{"data":{"$patch":"frob"}}""");
        yield return Patch("B10 ten thousand managedFields", 400, Apply, () =>
        {
            const string Entry = """{"manager":"x","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:k":{}}}}""";
            return $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","managedFields":[{{{string.Join(',', Enumerable.Repeat(Entry, 10_000))}}}]} }""";
        }, "?fieldManager=x");
    }

    private static IEnumerable<BadRequest> Paths()
    {
        yield return new BadRequest("B17 a path of 9,000 characters", 404, $"{ConfigMaps}/{new string('x', 9000)}");
        yield return new BadRequest("B17 an encoded slash", 404, $"{ConfigMaps}/..%2f..%2fsecrets");
        yield return new BadRequest("B18 ten thousand terms", 200, $"{ConfigMaps}?labelSelector={string.Join("%2C", Enumerable.Range(0, 10_000).Select(index => $"n!%3Dv{index}"))}");
        yield return new BadRequest("B18 an expression", 400, $"{ConfigMaps}?labelSelector=n%3D(.*)%2B%24");
        yield return new BadRequest("B18 a field that is none", 400, $"{ConfigMaps}?fieldSelector=spec.frob%3D1");
        yield return new BadRequest("B19 a token of garbage", 400, $"{ConfigMaps}?continue=garbage!");
        yield return new BadRequest("B19 a token that leads elsewhere", 400, $"{ConfigMaps}?limit=1&continue={Token("../../secrets/")}");
        yield return new BadRequest("B19 a limit of 2^63", 400, $"{ConfigMaps}?limit=9223372036854775808");
        yield return new BadRequest("B20 no version", 400, $"{ConfigMaps}?resourceVersion=abc");
        yield return new BadRequest("B20 a version of 2^64", 400, $"{ConfigMaps}?resourceVersion=18446744073709551616");
        yield return new BadRequest("B20 a version to come", 504, $"{ConfigMaps}?resourceVersion=900000000");
        yield return new BadRequest("B28 a cluster-scoped object through a namespace", 404, "/apis/bad.example.com/v1/namespaces/bad/gauges");
        yield return new BadRequest("B29 a token into what begins alike", 400, $"/apis/bad.example.com/v1/gauges?limit=1&continue={Token("../gaugesets/")}");
    }

    private static IEnumerable<BadRequest> Objects()
    {
        foreach (var name in (string[])["..", "a/b", "a\\u0000b", "ünï", new string('a', 254)])
        {
            yield return Post($"B21 name {name[..Math.Min(8, name.Length)]}", 422, () => $$$"""{"metadata":{"name":"{{{name}}}"} }""");
        }

        yield return Post("B21 namespace of 64 characters", 422, () => $$$"""{"metadata":{"name":"{{{new string('n', 64)}}}"} }""") with { Path = "/api/v1/namespaces" };
        yield return Post("B23 a quantity of 1e1000000", 201, () => Pod("b23", "\"resources\":{\"limits\":{\"memory\":\"1e1000000\"}}")) with { Path = Pods };
        yield return Post("B23 a negative quantity", 422, () => Pod("b23n", "\"resources\":{\"limits\":{\"cpu\":\"-1\"}}")) with { Path = Pods };
        yield return Post("B23 a port of eleven digits", 400, () => Pod("b23p", "\"livenessProbe\":{\"tcpSocket\":{\"port\":99999999999}}")) with { Path = Pods };
        yield return Post("B24 replicas of 2^31", 400, () => """{"metadata":{"name":"b24"},"spec":{"replicas":2147483648,"template":{"spec":{}}}}""") with { Path = "/api/v1/namespaces/bad/replicationcontrollers" };
        yield return Post("B24 every zero minutes", 422, () =>
            """{"metadata":{"name":"b24"},"spec":{"schedule":"*/0 * * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}""") with { Path = "/apis/batch/v1/namespaces/bad/cronjobs" };
        yield return Post("B25 annotations of more than 256 KiB", 422, () => $$$"""{"metadata":{"name":"b25","annotations":{"k":"{{{new string('x', 262_144)}}}"} } }""");
        yield return Patch("B37 a finalizer that is none", 422, MergePatch, () => """{"metadata":{"finalizers":["mine"]}}""");
    }

    private static IEnumerable<BadRequest> Users()
    {
        yield return Post("B33 a role above one's own", 403, () => """{"metadata":{"name":"b33"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""") with
        {
            Path = "/apis/rbac.authorization.k8s.io/v1/namespaces/bad/roles", User = "dev",
        };
        yield return new BadRequest("B34 as the administrator", 403, $"{ConfigMaps}/a") { User = "dev", Headers = ["Impersonate-User: system:admin", "Impersonate-Group: system:masters"] };
        foreach (var (name, token) in ((string, string)[])[("none", "eyJhbGciOiJub25lIn0"), ("HS256", "eyJhbGciOiJIUzI1NiJ9")])
        {
            yield return new BadRequest($"B35 a token of algorithm {name}", 401, ConfigMaps)
            {
                User = "",
                Headers = [$"Authorization: Bearer {token}.eyJpc3MiOiJodHRwczovL2t1YmVybmV0ZXMuZGVmYXVsdC5zdmMuY2x1c3Rlci5sb2NhbCIsInN1YiI6InN5c3RlbTpzZXJ2aWNlYWNjb3VudDprdWJlLXN5c3RlbTpkZWZhdWx0In0."],
            };
        }

        yield return new BadRequest("B35 a token of a mebibyte", 401, ConfigMaps) { User = "", Headers = [$"Authorization: Bearer {new string('x', 900_000)}"] };
        yield return new BadRequest("B36 headers of a front proxy", 403, ConfigMaps) { User = "", Headers = ["X-Remote-User: admin", "X-Remote-Group: system:masters"] };
        yield return new BadRequest("B38 a list by who may see one name", 403, ConfigMaps) { User = "dev" };
        yield return new BadRequest("B38 a watch by who may see one name", 403, $"{ConfigMaps}?watch=1") { User = "dev" };
        yield return new BadRequest("B38 a list of the one name", 200, $"{ConfigMaps}?fieldSelector=metadata.name%3Da") { User = "dev" };
    }

    private static BadRequest Post(string name, int status, Func<string> body, string contentType = "application/json", string query = "") =>
        new(name, status, ConfigMaps + query) { Method = HttpMethod.Post, Body = () => Encoding.UTF8.GetBytes(body()), ContentType = contentType };

    private static BadRequest Patch(string name, int status, string contentType, Func<string> body, string query = "") =>
        new(name, status, $"{ConfigMaps}/a{query}") { Method = HttpMethod.Patch, Body = () => Encoding.UTF8.GetBytes(body()), ContentType = contentType };

    private static string LargeContainer(int index) => $$"""{"name":"c{{index}}","image":"i","args":["{{new string('x', 60_000)}}"]}""";

    private static string Pod(string name, string field) => $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"containers":[{"name":"c","image":"i",{{{field}}} }]} }""";

    private static string Token(string start) =>
        Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"v":"meta.k8s.io/v1","rv":1,"start":"{{start}}"}""")).TrimEnd('='));

    /// <summary>A mebibyte of zeros a thousand times: gzip's members follow each other.</summary>
    private static byte[] GzipBomb()
    {
        var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(new byte[MebiByte]);
        }

        return [.. Enumerable.Repeat(member.ToArray(), 1024).SelectMany(bytes => bytes)];
    }
}
