using Microsoft.Extensions.Time.Testing;

using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Bootstrap;

public sealed class IdentityLeaseTests
{
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Leases_OfServersThatAreGone_AreCollected()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await TestApiServer.StartAsync(clock: clock);
        var client = new ApiClient(server.Client, "kube-system");
        var now = clock.GetUtcNow();
        await CreateAsync(client, "apiserver-gone", now.AddMinutes(-61), Identity);
        await CreateAsync(client, "apiserver-late", now.AddMinutes(-50), Identity);
        await CreateAsync(client, "not-an-identity", now.AddMinutes(-61), "");

        await Eventually.GetAsync(
            _ =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return client.GetAsync($"{Leases}/apiserver-gone");
            },
            answer => answer.Status == 404,
            Patience,
            TestContext.Current.CancellationToken);

        (await client.GetAsync($"{Leases}/apiserver-late")).Expect(200);
        (await client.GetAsync($"{Leases}/not-an-identity")).Expect(200);
        Assert.Equal(2, (await client.GetAsync($"{Leases}?labelSelector=apiserver.kubernetes.io/identity")).Expect(200).Names.Count);
    }

    private const string Identity = ",\"labels\":{\"apiserver.kubernetes.io/identity\":\"kube-apiserver\"}";

    private static async Task CreateAsync(ApiClient client, string name, DateTimeOffset renewed, string metadata) => (await client.SendAsync(
        HttpMethod.Post,
        Leases,
        $$$"""{"metadata":{"name":"{{{name}}}"{{{metadata}}} },"spec":{"holderIdentity":"x","leaseDurationSeconds":3600,"renewTime":"{{{renewed.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ}}}"} }""")).Expect(201);
}
