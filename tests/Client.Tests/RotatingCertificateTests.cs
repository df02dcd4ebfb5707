using System.Security.Cryptography.X509Certificates;

using k8s.Models;

using MiniKube.TestSupport;

namespace MiniKube.Client.Tests;

public sealed class RotatingCertificateTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replace_WhileTheClientIsUsed_ItIsSomebodyElseAtOnce()
    {
        await using var server = await TestApiServer.StartAsync();
        var certificate = new RotatingCertificate();
        using var connection = new ApiConnection(
            new KubernetesClientOptions { Kubeconfig = await server.KubeconfigOfAsync("kubeconfig"), Component = "test", ClientCertificate = certificate });
        var client = new ObjectClient(connection, null, TimeProvider.System);
        Assert.Equal("kubeconfig", await WhoAsync(client));

        certificate.Replace(Issue(server, "first"));
        Assert.Equal("first", await WhoAsync(client));

        certificate.Replace(Issue(server, "second"));
        Assert.Equal("second", await WhoAsync(client));
    }

    private static X509Certificate2 Issue(TestApiServer server, string user)
    {
        var (certificate, key) = server.IssueClient($"CN={user}");
        return X509Certificate2.CreateFromPem(certificate, key);
    }

    // A request that meets the end of its connection fails, as when the server goes away.
    private static async Task<string> WhoAsync(ObjectClient client)
    {
        var answer = await Eventually.GetAsync(
            async token =>
            {
                try
                {
                    return await client.CreateAsync(new V1SelfSubjectReview { ApiVersion = "authentication.k8s.io/v1", Kind = "SelfSubjectReview" }, token);
                }
                catch (HttpRequestException)
                {
                    return null;
                }
            },
            review => review is not null,
            TimeSpan.FromSeconds(60),
            Cancelled);
        return answer?.Status.UserInfo.Username ?? "";
    }
}
