using k8s.Models;

using MiniKube.Api.Discovery;
using MiniKube.ControllerManager.Discovery;

namespace MiniKube.ControllerManager.Tests;

public sealed class EndpointSubsetsTests
{
    [Fact]
    public void Of_PodsWithDifferentNumbersOfAPort_SharesTheOtherPort()
    {
        var subsets = EndpointSubsets.Of(Service(), [Pod("10.0.0.2", 8081), Pod("10.0.0.1", 8080)]);

        Assert.Equal(
            ["10.0.0.1 http 8080", "10.0.0.1,10.0.0.2 https 443", "10.0.0.2 http 8081"],
            subsets.Select(subset => $"{string.Join(',', subset.Addresses.Select(address => address.Ip))} {subset.Ports[0].Name} {subset.Ports.Single().Port}").Order(StringComparer.Ordinal));
    }

    /// <summary>The controller compares in the packed form: nothing is written twice.</summary>
    [Fact]
    public void Truncate_TooMany_IsPackedAlready()
    {
        List<Corev1EndpointPort> a = [new() { Name = "a", Port = 1 }], b = [new() { Name = "b", Port = 2 }];
        List<V1EndpointAddress> all = [.. Enumerable.Range(0, 600).Select(i => new V1EndpointAddress { Ip = $"10.0.{i / 100}.{i % 100:D2}" })];
        all = [.. all.OrderBy(address => address.Ip, StringComparer.Ordinal)];
        var packed = SubsetPacking.Pack([new() { Addresses = all[..500], Ports = a }, new() { Addresses = all, Ports = b }]);

        var (subsets, truncated) = EndpointSubsets.Truncate(packed);

        Assert.True(truncated);
        Assert.Equal(["b", "a"], Assert.Single(subsets).Ports.Select(port => port.Name));
        Assert.Equal(500, subsets[0].Addresses.Count);
    }

    private static V1Service Service() => new()
    {
        Spec = new V1ServiceSpec
        {
            Ports =
            [
                new() { Name = "https", Port = 443, TargetPort = 443, Protocol = "TCP" },
                new() { Name = "http", Port = 80, TargetPort = "web", Protocol = "TCP" },
            ],
        },
    };

    private static V1Pod Pod(string ip, int port) => new()
    {
        Metadata = new V1ObjectMeta { Name = ip, NamespaceProperty = "default", Uid = ip },
        Spec = new V1PodSpec { Containers = [new() { Name = "c", Ports = [new() { Name = "web", ContainerPort = port, Protocol = "TCP" }] }] },
        Status = new V1PodStatus { Phase = "Running", PodIP = ip, PodIPs = [new() { Ip = ip }], Conditions = [new() { Type = "Ready", Status = "True" }] },
    };
}
