using System.Net;
using System.Net.Http.Headers;
using System.Text;

using k8s.Models;

namespace MiniKube.ControllerManager.Tests.Tokens;

public sealed class TokenControllerTests
{
    [Fact]
    public async Task EveryNamespace_HasTheAuthority_AndAgainWhenItIsChanged()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var authority = await File.ReadAllTextAsync(cluster.Server.AuthorityFile, TestContext.Current.CancellationToken);
        await cluster.EventuallyAsync<V1ConfigMap>("kube-root-ca.crt", map => map?.Data["ca.crt"] == authority, "kube-system");

        await cluster.PatchAsync<V1ConfigMap>("kube-root-ca.crt", """{"data":{"ca.crt":"mine","more":"x"}}""", ns: "kube-system");

        await cluster.EventuallyAsync<V1ConfigMap>("kube-root-ca.crt", map => map?.Data.Count == 1 && map.Data["ca.crt"] == authority, "kube-system");
    }

    [Fact]
    public async Task TokenSecret_IsFilled_WorksAsTheAccount_AndEndsWithIt()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(new V1ServiceAccount { ApiVersion = "v1", Kind = "ServiceAccount", Metadata = Objects.Meta("robot") });
        var metadata = Objects.Meta("robot-token");
        metadata.Annotations = new Dictionary<string, string> { ["kubernetes.io/service-account.name"] = "robot" };
        await cluster.CreateAsync(new V1Secret { ApiVersion = "v1", Kind = "Secret", Metadata = metadata, Type = "kubernetes.io/service-account-token" });

        var secret = await cluster.EventuallyAsync<V1Secret>("robot-token", found => found?.Data?.ContainsKey("token") == true);
        Assert.Equal(["ca.crt", "namespace", "token"], secret!.Data.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("default", Encoding.UTF8.GetString(secret.Data["namespace"]));
        Assert.Equal(HttpStatusCode.Created, await WhoAsync(cluster, secret));

        await cluster.DeleteAsync<V1ServiceAccount>("robot");

        await cluster.EventuallyAsync<V1Secret>("robot-token", found => found is null);
        Assert.Equal(HttpStatusCode.Unauthorized, await WhoAsync(cluster, secret));
    }

    private static async Task<HttpStatusCode> WhoAsync(TestCluster cluster, V1Secret secret)
    {
        using var client = cluster.Server.CreateClient("");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Encoding.ASCII.GetString(secret.Data["token"]));
        using var body = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", body, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
