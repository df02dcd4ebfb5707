using MiniKube.Api.Serialization;
using MiniKube.TestSupport;
using MiniKube.TestSupport.Etcd;

namespace MiniKube.ApiServer.Tests.CustomResources;

/// <summary>Two API servers on one etcd: what one is told, both serve.</summary>
[Trait("Needs", "Machine")]
public sealed class TwoServersTests
{
    [Fact]
    public async Task Definition_MadeAtOne_IsServedByTheOtherAtOnce()
    {
        await using var etcd = new EtcdProcess();
        await etcd.StartAsync(TestContext.Current.CancellationToken);
        await using var first = await TestApiServer.StartAsync(options => options with { EtcdServers = [etcd.Address.ToString()] });
        await using var second = await TestApiServer.StartAsync(options => options with { EtcdServers = [etcd.Address.ToString()] });
        var (one, other) = (new ApiClient(first.Client, "default"), new ApiClient(second.Client, "default"));
        const string path = "/apis/two.example.com/v1/namespaces/default/crontabs";

        await one.DefineAsync(Definitions.CronTab("two.example.com"));

        // Not after a second but now: whoever has seen it established may go to any server.
        (await other.SendAsync(HttpMethod.Post, path, """{"metadata":{"name":"a"},"spec":{"cronSpec":"* * * * *"}}""")).Expect(201);
        Assert.Equal(["a"], (await one.GetAsync(path)).Expect(200).Names);
        Assert.NotNull((await other.GetAsync("/openapi/v3")).Json.At("paths", "apis/two.example.com/v1"));
        Assert.Equal(
            (await one.GetAsync("/openapi/v3")).Json.At("paths", "apis/two.example.com/v1")!.ToJsonString(),
            (await other.GetAsync("/openapi/v3")).Json.At("paths", "apis/two.example.com/v1")!.ToJsonString());
        (await one.SendAsync(HttpMethod.Delete, $"{Definitions.Path}/crontabs.two.example.com")).Expect(200);
        await other.WaitAsync($"{Definitions.Path}/crontabs.two.example.com", answer => answer.Status == 404);
        (await other.GetAsync(path)).Expect(404);
    }
}
