using k8s.Models;

namespace MiniKube.ControllerManager.Tests;

public sealed class ServiceCidrTests
{
    private const string Finalizer = "networking.k8s.io/service-cidr-finalizer";

    [Fact]
    public async Task Range_OfAUser_BecomesReadyAndGoesWhenNobodyNeedsIt()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Range("extra", "10.200.0.0/24"));

        var range = await cluster.EventuallyAsync<V1ServiceCIDR>("extra", r => IsReady(r, "True") && r!.Metadata.Finalizers is [Finalizer], "");
        var condition = Assert.Single(range!.Status.Conditions);
        await cluster.DeleteAsync<V1ServiceCIDR>("extra", ns: "");

        Assert.Equal("Kubernetes Service CIDR is ready", condition.Message);
        await cluster.EventuallyAsync<V1ServiceCIDR>("extra", r => r is null, "");
    }

    [Fact]
    public async Task Range_WhoseAddressesAreInUse_StaysUntilAnotherHasThem()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.Service("web"));
        await cluster.EventuallyAsync<V1ServiceCIDR>("kubernetes", r => IsReady(r, "True") && r!.Metadata.Finalizers is [Finalizer], "");

        await cluster.DeleteAsync<V1ServiceCIDR>("kubernetes", ns: "");

        var kept = await cluster.EventuallyAsync<V1ServiceCIDR>("kubernetes", r => IsReady(r, "False"), "");
        var condition = Assert.Single(kept!.Status.Conditions);
        Assert.Equal("Terminating", condition.Reason);
        Assert.Equal("There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR", condition.Message);
        await cluster.CreateAsync(Range("wider", "10.0.0.0/8"));

        // The server makes its own anew at once: another object of that name.
        await cluster.EventuallyAsync<V1ServiceCIDR>("kubernetes", r => r is null || r.Metadata.Uid != kept.Metadata.Uid, "");
    }

    private static V1ServiceCIDR Range(string name, string cidr) => new()
    {
        Metadata = new V1ObjectMeta { Name = name }, Spec = new V1ServiceCIDRSpec { Cidrs = [cidr] },
    };

    private static bool IsReady(V1ServiceCIDR? range, string status) => range?.Status?.Conditions?.Any(condition => condition.Type == "Ready" && condition.Status == status) == true;
}
