using System.Net;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;

namespace MiniKube.ApiServer.Tests.OpenApi;

[Collection(ServerCollection.Name)]
public sealed class OpenApiTests(ServerFixture fixture)
{
    private const string V2Protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    [Fact]
    public async Task Index_NamesADocumentOfEveryGroupVersion()
    {
        var paths = (await GetJsonAsync("/openapi/v3")).ObjectAt("paths")!;

        Assert.Contains("api/v1", paths.Select(path => path.Key));
        Assert.Contains("apis/apps/v1", paths.Select(path => path.Key));
        foreach (var (key, entry) in paths)
        {
            using var response = await SendAsync(entry.StringAt("serverRelativeURL")!);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("public, immutable", response.Headers.GetValues("Cache-Control").Single());
            Assert.True(response.Content.Headers.Expires > TimeProvider.System.GetUtcNow().AddDays(360), key);
        }
    }

    [Theory]
    [InlineData("api", "/api/", "getCoreAPIVersions", "core", "io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions")]
    [InlineData("apis", "/apis/", "getAPIVersions", "apis", "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList")]
    [InlineData("apis/apps", "/apis/apps/", "getAppsAPIGroup", "apps", "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup")]
    [InlineData("apis/rbac.authorization.k8s.io", "/apis/rbac.authorization.k8s.io/", "getRbacAuthorizationAPIGroup", "rbacAuthorization", "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup")]
    [InlineData("version", "/version/", "getCodeVersion", "version", "io.k8s.apimachinery.pkg.version.Info")]
    [InlineData(".well-known/openid-configuration", "/.well-known/openid-configuration/", "getServiceAccountIssuerOpenIDConfiguration", "WellKnown", null)]
    [InlineData("openid/v1/jwks", "/openid/v1/jwks/", "getServiceAccountIssuerOpenIDKeyset", "openid", null)]
    public async Task Document_OfNoResource_TellsOfOnePath(string key, string path, string id, string tag, string? answer)
    {
        var index = (await GetJsonAsync("/openapi/v3")).ObjectAt("paths")!;
        var document = await GetJsonAsync(index.StringAt(key, "serverRelativeURL")!);
        var v2 = await GetJsonAsync("/openapi/v2");

        Assert.Equal([path], document.ObjectAt("paths")!.Select(member => member.Key));
        var get = document.ObjectAt("paths", path, "get")!;
        Assert.Equal((id, tag), (get.StringAt("operationId"), (string?)get["tags"]![0]));
        var schema = get.ObjectAt("responses", "200", "content")!.First().Value.ObjectAt("schema")!;
        Assert.Equal(answer is null ? "string" : $"#/components/schemas/{answer}", schema.StringAt("$ref") ?? schema.StringAt("type"));
        Assert.True(answer is null || document.ObjectAt("components", "schemas")!.ContainsKey(answer));
        Assert.Equal(id, v2.StringAt("paths", path, "get", "operationId"));
    }

    [Theory]
    [InlineData("/api/v1/watch/pods", "watchCoreV1PodListForAllNamespaces", "watchlist", 11)]
    [InlineData("/api/v1/watch/namespaces/{namespace}/pods", "watchCoreV1NamespacedPodList", "watchlist", 12)]
    [InlineData("/api/v1/watch/namespaces/{namespace}/pods/{name}", "watchCoreV1NamespacedPod", "watch", 13)]
    [InlineData("/api/v1/watch/nodes", "watchCoreV1NodeList", "watchlist", 11)]
    [InlineData("/api/v1/watch/nodes/{name}", "watchCoreV1Node", "watch", 12)]
    public async Task WatchPaths_AreThoseOfUpstream(string path, string id, string action, int parameters)
    {
        foreach (var document in new[] { await GetJsonAsync("/openapi/v2"), await GetJsonAsync("/openapi/v3/api/v1") })
        {
            var item = document.ObjectAt("paths", path)!;

            Assert.Equal((id, action), (item.StringAt("get", "operationId"), item.StringAt("get", "x-kubernetes-action")));
            Assert.Equal(parameters, item["parameters"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task Document_WrongHash_RedirectsToTheRightOne()
    {
        var address = (await GetJsonAsync("/openapi/v3")).StringAt("paths", "apis/apps/v1", "serverRelativeURL");
        using var handler = new HttpRequestMessage(HttpMethod.Get, "/openapi/v3/apis/apps/v1?hash=0");

        using var response = await fixture.Server.Client.SendAsync(handler, TestContext.Current.CancellationToken);

        // The client follows the redirect by itself.
        Assert.Equal(address, response.RequestMessage?.RequestUri?.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/openapi/v2")]
    [InlineData("/openapi/v3/api/v1")]
    public async Task Document_KnownETag_IsNotSentAgain(string path)
    {
        using var first = await SendAsync(path);
        var etag = first.Headers.ETag!.ToString();

        using var second = await SendAsync(path, ifNoneMatch: etag);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/openapi/v3/apis/nothing/v1")]
    [InlineData("/openapi/v4")]
    public async Task Document_Unknown_IsNotFound(string path)
    {
        using var response = await SendAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task V3_EveryReference_IsDefined()
    {
        foreach (var (key, _) in (await GetJsonAsync("/openapi/v3")).ObjectAt("paths")!)
        {
            var document = await GetJsonAsync($"/openapi/v3/{key}");
            var defined = document.ObjectAt("components", "schemas")!.Select(schema => $"#/components/schemas/{schema.Key}").ToHashSet();

            Assert.Equal([], References(document).Except(defined));
        }
    }

    [Fact]
    public async Task Log_IsTextAskedForByItsOptions()
    {
        var path = (await GetJsonAsync("/openapi/v2")).ObjectAt("paths", "/api/v1/namespaces/{namespace}/pods/{name}/log")!;

        Assert.Equal("string", path.StringAt("get", "responses", "200", "schema", "type"));
        Assert.Equal(
            ["name", "namespace", "container", "follow", "insecureSkipTLSVerifyBackend", "limitBytes", "previous", "sinceSeconds", "sinceTime", "stream", "tailLines", "timestamps", "pretty"],
            path.ObjectsAt("parameters").Select(parameter => parameter.StringAt("name")!));
    }

    [Fact]
    public async Task V2_EveryReference_IsDefined()
    {
        var document = await GetJsonAsync("/openapi/v2");
        var defined = document.ObjectAt("definitions")!.Select(schema => $"#/definitions/{schema.Key}").ToHashSet();

        Assert.Equal([], References(document).Except(defined));
        Assert.Contains("#/definitions/io.k8s.api.core.v1.Pod", defined);
        Assert.Contains("#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", defined);
    }

    [Theory]
    [InlineData("/openapi/v2")]
    [InlineData("/openapi/v3/apis/apps/v1")]
    public async Task Patches_TakeTheParametersThatKubectlLooksFor(string path)
    {
        // A proxy passes patches on: what they take is the backend's affair.
        var operations = Operations(await GetJsonAsync(path))
            .Where(operation => operation.Method == "patch" && !operation.Path.Contains("/proxy", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(operations);
        foreach (var (where, _, operation) in operations)
        {
            Assert.Equal("patch", operation.StringAt("x-kubernetes-action"));
            Assert.NotNull(operation.StringAt("x-kubernetes-group-version-kind", "kind"));
            var names = operation.ObjectsAt("parameters").Select(parameter => parameter.StringAt("name")).ToHashSet();
            Assert.True(names.IsSupersetOf(["dryRun", "fieldManager", "fieldValidation", "force"]), where);
        }
    }

    [Fact]
    public async Task OperationIds_AreUnique()
    {
        var ids = Operations(await GetJsonAsync("/openapi/v2")).Select(operation => operation.Json.StringAt("operationId")).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Contains("listCoreV1NamespacedPod", ids);
        Assert.Contains("replaceAppsV1NamespacedDeploymentStatus", ids);
        Assert.Contains("createRbacAuthorizationV1ClusterRole", ids);
        Assert.Contains("deleteCoreV1CollectionNamespacedPod", ids);
    }

    [Fact]
    public async Task V3_Enum_NamesItsValues()
    {
        var schemas = (await GetJsonAsync("/openapi/v3/api/v1")).ObjectAt("components", "schemas")!;
        var protocol = schemas.ObjectAt("io.k8s.api.core.v1.ContainerPort", "properties", "protocol")!;

        Assert.Equal("""["SCTP","TCP","UDP"]""", protocol["enum"]!.ToJsonString());
        Assert.EndsWith("\n\nPossible enum values:\n - `\"SCTP\"`\n - `\"TCP\"`\n - `\"UDP\"`", protocol.StringAt("description"), StringComparison.Ordinal);
        Assert.Equal(
            """["ReadOnlyMany","ReadWriteMany","ReadWriteOnce","ReadWriteOncePod"]""",
            schemas.At("io.k8s.api.core.v1.PersistentVolumeClaimSpec", "properties", "accessModes", "items", "enum")!.ToJsonString());
    }

    [Fact]
    public async Task V3_LeaseSpec_IsWhatUpstreamPublishes()
    {
        var schemas = (await GetJsonAsync("/openapi/v3/apis/coordination.k8s.io/v1")).ObjectAt("components", "schemas")!;

        Assert.Equal(
            """{"description":"leaseDurationSeconds is a duration that candidates for a lease need to wait to force acquire it. This is measured against the time of last observed renewTime.","format":"int32","type":"integer"}""",
            schemas.At("io.k8s.api.coordination.v1.LeaseSpec", "properties", "leaseDurationSeconds")!.ToJsonString());
        Assert.Equal(
            """[{"$ref":"#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime"}]""",
            schemas.At("io.k8s.api.coordination.v1.LeaseSpec", "properties", "renewTime", "allOf")!.ToJsonString());
        Assert.Equal(
            """[{"group":"coordination.k8s.io","kind":"Lease","version":"v1"}]""",
            schemas.At("io.k8s.api.coordination.v1.Lease", "x-kubernetes-group-version-kind")!.ToJsonString());
        Assert.Equal("""{"format":"date-time","type":"string"}""", schemas.At("io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime")!.ToJsonString());
    }

    [Fact]
    public async Task V3_PodSpecContainers_KnowHowToMerge()
    {
        var containers = (await GetJsonAsync("/openapi/v3/api/v1")).At("components", "schemas", "io.k8s.api.core.v1.PodSpec", "properties", "containers");

        Assert.Equal("map", containers.StringAt("x-kubernetes-list-type"));
        Assert.Equal("""["name"]""", containers.At("x-kubernetes-list-map-keys")!.ToJsonString());
        Assert.Equal("merge", containers.StringAt("x-kubernetes-patch-strategy"));
        Assert.Equal("name", containers.StringAt("x-kubernetes-patch-merge-key"));
    }

    [Fact]
    public async Task V2_InProtobuf_HoldsTheSameDefinitionsAndPaths()
    {
        using var response = await SendAsync("/openapi/v2", accept: V2Protobuf);
        var json = await GetJsonAsync("/openapi/v2");

        Assert.Equal("application/com.github.proto-openapi.spec.v2.v1.0+protobuf", response.Content.Headers.ContentType?.ToString());
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Names(json["definitions"]), NamesIn(bytes, document: 9, named: 1));
        Assert.Equal(Names(json["paths"]), NamesIn(bytes, document: 8, named: 2));
    }

    private static IEnumerable<string> Names(JsonNode? node) => ((JsonObject)node!).Select(member => member.Key).Order(StringComparer.Ordinal);

    private static IEnumerable<string> NamesIn(byte[] bytes, int document, int named)
    {
        var names = new List<string>();
        var outer = new WireReader(bytes);
        while (outer.TryReadTag())
        {
            if (outer.FieldNumber != document)
            {
                outer.Skip();
                continue;
            }

            for (var map = new WireReader(outer.ReadBytes()); map.TryReadTag();)
            {
                Assert.Equal(named, map.FieldNumber);
                var entry = new WireReader(map.ReadBytes());
                Assert.True(entry.TryReadTag());
                names.Add(entry.ReadString());
            }
        }

        return names.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject obj => obj.SelectMany(member =>
            member is { Key: "$ref", Value: JsonValue value } && value.TryGetValue<string>(out var reference) ? [reference] : References(member.Value)),
        JsonArray array => array.SelectMany(References),
        _ => [],
    };

    private static IEnumerable<(string Path, string Method, JsonObject Json)> Operations(JsonObject document) =>
        from path in document.ObjectAt("paths")!
        from method in Methods
        let operation = path.Value.ObjectAt(method)
        where operation is not null
        select (path.Key, method, operation);

    private async Task<JsonObject> GetJsonAsync(string path)
    {
        using var response = await SendAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonCodec.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string accept = "application/json", string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await fixture.Server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
