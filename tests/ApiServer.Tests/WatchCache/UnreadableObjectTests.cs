using System.Text;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Api.Serialization;
using MiniKube.Storage;
using MiniKube.Storage.Embedded;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.WatchCache;

/// <summary>Values in the store that nobody can read: whom they concern is told, nobody else notices, and whoever may can delete them (KEP-3926).</summary>
public sealed class UnreadableObjectTests : IAsyncLifetime
{
    private const string Path = "/api/v1/namespaces/default/configmaps";
    private const string StoreKey = "/registry/configmaps/default/broken";
    private const string Unsafely = """{"apiVersion":"v1","kind":"DeleteOptions","ignoreStoreReadErrorWithClusterBreakingPotential":true}""";

    private readonly TemporaryFolder _files = new();
    private TestApiServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ApiClient Client => new(_server!.Client, "default");

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await Client.CreateConfigMapAsync("good");
        (await Client.SendAsync(HttpMethod.Post, "/api/v1/namespaces/kube-system/configmaps", """{"metadata":{"name":"elsewhere"}}""")).Expect(201);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _files.Dispose();
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("{\"metadata\":5}")]
    [InlineData("{\"metadata\":{\"name\":\"broken\"},\"data\":{\"a\"")]
    [InlineData("k8s\0\n\u000b\n\u0002v1")]
    public async Task Value_ThatIsNoObject_FailsWhatItBelongsToAndNothingElse(string value)
    {
        await BreakAsync(value);

        var list = (await Client.GetAsync(Path)).Expect(500);
        Assert.Equal(("StorageReadError", "failed to read one or more configmaps from the storage"), (list.Reason, list.Message));
        var cause = Assert.Single(list.Json.ObjectsAt("details", "causes"));
        Assert.Equal(("UnexpectedServerResponse", StoreKey), (cause.StringAt("reason"), cause.StringAt("field")));
        (await Client.GetAsync("/api/v1/configmaps?resourceVersion=0")).Expect(500);
        (await Client.GetAsync($"{Path}?watch=true&timeoutSeconds=1")).Expect(500);

        var get = (await Client.GetAsync($"{Path}/broken")).Expect(500);
        Assert.StartsWith($"Internal error occurred: StorageError: corrupt object, Code: 7, Key: {StoreKey}, ", get.Message, StringComparison.Ordinal);
        Assert.Equal("InternalError", (await Client.SendAsync(HttpMethod.Delete, $"{Path}/broken")).Expect(500).Reason);

        (await Client.GetAsync($"{Path}/good")).Expect(200);
        Assert.Contains("elsewhere", (await Client.GetAsync("/api/v1/namespaces/kube-system/configmaps")).Expect(200).Names);
        await Client.CreateConfigMapAsync("new");
    }

    [Fact]
    public async Task Value_ThatIsNoObject_IsDeletedByWhoMay_AndAllIsWell()
    {
        await BreakAsync("garbage");
        using var watch = await Client.WatchAsync($"{Path}?watch=true&resourceVersion={(await Client.GetAsync($"{Path}/good")).ResourceVersion}");

        (await Client.SendAsync(HttpMethod.Delete, $"{Path}/broken", Unsafely)).Expect(200);

        (await Client.GetAsync($"{Path}/broken")).Expect(404);
        Assert.Contains("good", (await Client.GetAsync(Path)).Expect(200).Names);
        await Client.CreateConfigMapAsync("next");
        Assert.Equal("ADDED next", await watch.NextNameAsync());
        (await Client.SendAsync(HttpMethod.Delete, $"{Path}/broken", Unsafely)).Expect(404);
    }

    [Fact]
    public async Task UnsafeDeletion_OfAnObjectThatCanBeRead_IsRefused()
    {
        var refused = (await Client.SendAsync(HttpMethod.Delete, $"{Path}/good", Unsafely)).Expect(422);

        Assert.Equal(
            "configmaps \"good\" is invalid: ignoreStoreReadErrorWithClusterBreakingPotential: Invalid value: true: " +
            "is exclusively used to delete corrupt object(s), try again by removing this option",
            refused.Message);
    }

    [Fact]
    public async Task UnsafeDeletion_WithOtherOptions_IsInvalid()
    {
        var options = """{"apiVersion":"v1","kind":"DeleteOptions","ignoreStoreReadErrorWithClusterBreakingPotential":true,"propagationPolicy":"Background"}""";

        var refused = (await Client.SendAsync(HttpMethod.Delete, $"{Path}/good", options)).Expect(422);

        Assert.Contains("Invalid value: true: cannot be set together with .propagationPolicy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnsafeDeletion_ByWhoMayOnlyDelete_IsForbidden()
    {
        await BreakAsync("garbage");
        await GrantAsync("delete");
        var croc = new ApiClient(_server!.CreateClient("croc"), "default");

        var refused = (await croc.SendAsync(HttpMethod.Delete, $"{Path}/broken", Unsafely)).Expect(403);
        Assert.Contains("not permitted to do \"unsafe-delete-ignore-read-errors\"", refused.Message, StringComparison.Ordinal);

        await GrantAsync("unsafe-delete-ignore-read-errors");
        await Eventually.GetAsync(
            _ => croc.SendAsync(HttpMethod.Delete, $"{Path}/broken", Unsafely), answer => answer.Status == 200, TimeSpan.FromSeconds(60), Token);
    }

    private async Task GrantAsync(string verb)
    {
        const string Rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";
        var role = $$$"""{"metadata":{"name":"{{{verb}}}"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["{{{verb}}}"]}]}""";
        var binding = $$$"""
            {"metadata":{"name":"{{{verb}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"{{{verb}}}"},
            "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"croc"}]}
            """;
        (await Client.SendAsync(HttpMethod.Post, $"{Rbac}/roles", role)).Expect(201);
        (await Client.SendAsync(HttpMethod.Post, $"{Rbac}/rolebindings", binding)).Expect(201);
        await Eventually.GetAsync(
            _ => Client.SendAsync(
                HttpMethod.Post, "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                $$$"""{"spec":{"user":"croc","resourceAttributes":{"namespace":"default","verb":"{{{verb}}}","resource":"configmaps"} } }"""),
            answer => answer.Text.Contains("\"allowed\":true", StringComparison.Ordinal), TimeSpan.FromSeconds(60), Token);
    }

    /// <summary>Puts a value under the server's feet: only while it is away can anybody else write to its file.</summary>
    private async Task BreakAsync(string value)
    {
        await _server!.DisposeAsync();
        await using (var store = await EmbeddedStore.OpenAsync(
            new EmbeddedStoreOptions { Path = _files.File("store.db") }, NullLogger<EmbeddedStore>.Instance, TimeProvider.System, Token))
        {
            await store.CommitAsync(new Transaction([], [Operation.Put(StoreKey, Encoding.UTF8.GetBytes(value))]), Token);
        }

        await StartAsync();
    }

    private async Task StartAsync() => _server = await TestApiServer.StartAsync(options => options with { EmbeddedStore = _files.File("store.db") });
}
