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

    [Fact]
    public async Task EndpointsOfAUser_AreMirrored_FollowedAndTakenAway()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        var service = Objects.Service("web");
        service.Spec.Selector = null;
        await cluster.CreateAsync(service);
        await cluster.CreateAsync(new V1Endpoints
        {
            ApiVersion = "v1",
            Kind = "Endpoints",
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Labels = new Dictionary<string, string> { ["tier"] = "db" } },
            Subsets =
            [
                new V1EndpointSubset
                {
                    Addresses = [new V1EndpointAddress { Ip = "10.1.2.3", Hostname = "db-0" }, new V1EndpointAddress { Ip = "fd00::3" }],
                    NotReadyAddresses = [new V1EndpointAddress { Ip = "10.1.2.4" }],
                    Ports = [new Corev1EndpointPort { Name = "sql", Port = 5432 }],
                },
            ],
        });

        var slices = await cluster.EventuallyAsync<V1EndpointSlice>(all => all.Count(IsOfWeb) == 2);
        var slice = slices.Single(slice => IsOfWeb(slice) && slice.AddressType == "IPv4");
        Assert.Equal(
            [("10.1.2.3", true, "db-0"), ("10.1.2.4", false, null)],
            slice.Endpoints.Select(endpoint => (endpoint.Addresses[0], endpoint.Conditions.Ready, (string?)endpoint.Hostname)));
        Assert.Equal(("sql", 5432, "TCP"), Assert.Single(slice.Ports.Select(port => (port.Name, port.Port, port.Protocol))));
        Assert.Equal(("endpointslicemirroring-controller.k8s.io", "db"), (slice.Metadata.Labels["endpointslice.kubernetes.io/managed-by"], slice.Metadata.Labels["tier"]));
        Assert.Equal(("Endpoints", "web", true), Assert.Single(slice.Metadata.OwnerReferences.Select(owner => (owner.Kind, owner.Name, owner.Controller ?? false))));

        var subsets = new[] { new { addresses = new[] { new { ip = "10.1.2.5" } }, ports = new[] { new { name = "sql", port = 5433 } } } };
        await cluster.PatchAsync<V1Endpoints>("web", new { subsets });
        await cluster.EventuallyAsync<V1EndpointSlice>(
            all => all.Where(IsOfWeb).ToList() is [{ Endpoints: [{ Addresses: ["10.1.2.5"] }], Ports: [{ Port: 5433 }] }]);

        await cluster.DeleteAsync<V1Endpoints>("web");
        await cluster.EventuallyAsync<V1EndpointSlice>(all => !all.Any(IsOfWeb));
    }

    private static bool IsOfWeb(V1EndpointSlice slice) => slice.Metadata.Labels["kubernetes.io/service-name"] == "web";
}
