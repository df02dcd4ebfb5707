using k8s.Models;

namespace MiniKube.ControllerManager.Tests;

public sealed class ServiceTests
{
    [Fact]
    public async Task ReadyPods_StandInEndpointsAndSlice_WithTheNamedPort()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.Service("web"));
        await cluster.CreateAsync(Objects.ReplicationController("web", 2));
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 2);
        await cluster.RunPodsAsync();

        var endpoints = await cluster.EventuallyAsync<V1Endpoints>("web", e => e?.Subsets is [{ Addresses.Count: 2 }]);
        var slices = await cluster.EventuallyAsync<V1EndpointSlice>(
            all => all.Where(IsOfWeb).ToList() is [{ Endpoints.Count: 2 } slice] && slice.Endpoints.All(endpoint => endpoint.Conditions.Ready == true));

        var port = Assert.Single(endpoints?.Subsets[0].Ports ?? []);
        Assert.Equal(("http", 8080, "TCP"), (port.Name, port.Port, port.Protocol));
        var slice = slices.Single(IsOfWeb);
        Assert.Equal("endpointslice-controller.k8s.io", slice.Metadata.Labels["endpointslice.kubernetes.io/managed-by"]);
        Assert.Equal(8080, Assert.Single(slice.Ports).Port);
        Assert.StartsWith("web-", slice.Metadata.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeletedPod_LeavesTheEndpoints_AndDeletedServiceLeavesNone()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(Objects.Service("web"));
        await cluster.CreateAsync(Objects.ReplicationController("web", 1));
        await cluster.EventuallyAsync<V1Pod>(pods => pods.Count == 1);
        await cluster.RunPodsAsync();
        await cluster.EventuallyAsync<V1Endpoints>("web", e => e?.Subsets is [{ Addresses.Count: 1 }]);

        await cluster.PatchAsync<V1ReplicationController>("web", new { spec = new { replicas = 0 } });
        await cluster.EventuallyAsync<V1Endpoints>("web", e => e is { Subsets: null or { Count: 0 } });
        await cluster.DeleteAsync<V1Service>("web");

        await cluster.EventuallyAsync<V1Endpoints>("web", e => e is null);
        await cluster.EventuallyAsync<V1EndpointSlice>(all => !all.Any(IsOfWeb));
    }

    private static bool IsOfWeb(V1EndpointSlice slice) => slice.Metadata.Labels["kubernetes.io/service-name"] == "web";
}
