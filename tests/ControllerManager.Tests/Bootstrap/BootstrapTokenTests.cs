using System.Net;
using System.Net.Http.Headers;
using System.Text;

using k8s.Models;

using MiniKube.ControllerManager.Bootstrap;
using MiniKube.TestSupport;

namespace MiniKube.ControllerManager.Tests.Bootstrap;

public sealed class BootstrapTokenTests
{
    private const string Id = "abcdef";
    private const string Key = "0123456789abcdef";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_IsGood_StandsForABootstrapperWithItsGroups()
    {
        await using var cluster = await StartAsync();
        await cluster.CreateAsync(Secret([]));

        var (code, body) = await WhoAsync(cluster, $"{Id}.{Key}");

        Assert.Equal(HttpStatusCode.Created, code);
        Assert.Contains("\"username\":\"system:bootstrap:abcdef\"", body, StringComparison.Ordinal);
        Assert.Contains(
            "\"groups\":[\"system:bootstrappers\",\"system:bootstrappers:kubeadm:default-node-token\",\"system:authenticated\"]", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token-secret", "0123456789abcdee")]
    [InlineData("token-id", "abcdeg")]
    [InlineData("expiration", "2020-01-01T00:00:00Z")]
    [InlineData("expiration", "soon")]
    [InlineData("usage-bootstrap-authentication", "false")]
    [InlineData("auth-extra-groups", "system:masters")]
    public async Task Token_SecretIsNotRight_IsUnauthorized(string key, string value)
    {
        await using var cluster = await StartAsync();
        await cluster.CreateAsync(Secret(new() { [key] = value }));

        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAsync(cluster, $"{Id}.{Key}")).Code);
    }

    [Fact]
    public async Task Token_WithoutTheFlag_IsUnauthorized()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Secret([]));

        Assert.Equal(HttpStatusCode.Unauthorized, (await WhoAsync(cluster, $"{Id}.{Key}")).Code);
    }

    [Fact]
    public async Task Token_HasEnded_IsDeleted_OthersStay()
    {
        await using var cluster = await StartAsync("--controllers=*,tokencleaner");
        await cluster.CreateAsync(Secret(new() { ["expiration"] = "2020-01-01T00:00:00Z" }));
        var other = Secret([]);
        other.Metadata.Name = "bootstrap-token-fedcba";
        await cluster.CreateAsync(other);

        await cluster.EventuallyAsync<V1Secret>("bootstrap-token-abcdef", secret => secret is null, "kube-system");

        Assert.Single((await cluster.Client.ListAsync<V1Secret>(new("kube-system"), Cancelled)).Items, secret => secret.Type == "bootstrap.kubernetes.io/token");
    }

    [Fact]
    public async Task ClusterInfo_IsSignedForEachTokenAndAgainWhenItChanges()
    {
        await using var cluster = await StartAsync("--controllers=*,bootstrapsigner");
        await cluster.CreateAsync(Secret([]));
        await cluster.CreateAsync(new V1ConfigMap
        {
            ApiVersion = "v1",
            Kind = "ConfigMap",
            Metadata = new V1ObjectMeta { Name = "cluster-info", NamespaceProperty = "kube-public" },
            Data = new Dictionary<string, string> { ["kubeconfig"] = "one", ["jws-kubeconfig-gone00"] = "stale" },
        });
        await SignedAsync(cluster, "one");

        await cluster.PatchAsync<V1ConfigMap>("cluster-info", """{"data":{"kubeconfig":"two"}}""", ns: "kube-public");
        await SignedAsync(cluster, "two");

        await cluster.DeleteAsync<V1Secret>("bootstrap-token-abcdef", ns: "kube-system");
        await cluster.EventuallyAsync<V1ConfigMap>("cluster-info", map => map?.Data.Count == 1, "kube-public");
    }

    // Made with OpenSSL: base64url of the header and the content, HMAC-SHA256 with the secret.
    [Fact]
    public void Signature_OfAKnownText_IsWhatOthersCompute() => Assert.Equal(
        "eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..psz1NayrXM3IaFzKZGsb5n_mBl7MjtlsZ1xE8MRmF_4", DetachedSignature.Compute("content", Id, Key));

    private static Task<V1ConfigMap?> SignedAsync(TestCluster cluster, string content) => cluster.EventuallyAsync<V1ConfigMap>(
        "cluster-info", map => map?.Data.Count == 2 && map.Data.TryGetValue("jws-kubeconfig-abcdef", out var signature) && signature == DetachedSignature.Compute(content, Id, Key), "kube-public");

    private static async Task<TestCluster> StartAsync(params string[] flags) =>
        await TestCluster.StartAsync(await TestApiServer.StartAsync(options => options with { EnableBootstrapTokenAuth = true }), ["--leader-elect=false", .. flags]);

    private static V1Secret Secret(Dictionary<string, string> changes)
    {
        var data = new Dictionary<string, string>
        {
            ["token-id"] = Id,
            ["token-secret"] = Key,
            ["usage-bootstrap-authentication"] = "true",
            ["usage-bootstrap-signing"] = "true",
            ["auth-extra-groups"] = "system:bootstrappers:kubeadm:default-node-token",
            ["expiration"] = "2099-01-01T00:00:00Z",
        };
        foreach (var (key, value) in changes)
        {
            data[key] = value;
        }

        return new V1Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new V1ObjectMeta { Name = $"bootstrap-token-{Id}", NamespaceProperty = "kube-system" },
            Type = "bootstrap.kubernetes.io/token",
            Data = data.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value)),
        };
    }

    private static async Task<(HttpStatusCode Code, string Body)> WhoAsync(TestCluster cluster, string token)
    {
        using var client = cluster.Server.CreateClient("");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var body = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", body, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
