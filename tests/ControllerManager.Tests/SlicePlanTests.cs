using k8s;
using k8s.Models;

using MiniKube.ControllerManager.Discovery;

namespace MiniKube.ControllerManager.Tests;

public sealed class SlicePlanTests
{
    private static readonly List<Discoveryv1EndpointPort> Ports = [new() { Name = "http", Port = 80, Protocol = "TCP" }];

    [Fact]
    public void Make_TwoHundredAndFiftyEndpoints_MakesThreeSlices()
    {
        var plan = Make([], Endpoints(0, 250));

        Assert.Equal([100, 100, 50], plan.Create.Select(slice => slice.Endpoints.Count));
        Assert.Empty(plan.Update);
    }

    [Fact]
    public void Make_OneMore_ChangesTheFullestSliceWithRoom()
    {
        var plan = Make([Slice("full", 0, 100), Slice("some", 100, 50), Slice("few", 150, 10)], Endpoints(0, 161));

        Assert.Equal(["some"], plan.Update.Select(slice => slice.Metadata.Name));
        Assert.Empty(plan.Create);
    }

    [Fact]
    public void Make_NothingChanged_WritesNothing()
    {
        var plan = Make([Slice("a", 0, 100), Slice("b", 100, 20)], Endpoints(0, 120));

        Assert.Equal((0, 0, 0), (plan.Create.Count, plan.Update.Count, plan.Delete.Count));
    }

    [Fact]
    public void Make_NoEndpointsLeft_KeepsOneEmptySlice()
    {
        var plan = Make([Slice("a", 0, 3)], []);

        Assert.Empty(Assert.Single(plan.Create).Endpoints);
        Assert.Equal(["a"], plan.Delete.Select(slice => slice.Metadata.Name));
    }

    [Fact]
    public void Make_SliceThatBecameEmpty_IsDeleted()
    {
        var plan = Make([Slice("a", 0, 100), Slice("b", 100, 1)], Endpoints(0, 100));

        Assert.Equal(["b"], plan.Delete.Select(slice => slice.Metadata.Name));
        Assert.Equal((0, 0), (plan.Create.Count, plan.Update.Count));
    }

    private static SlicePlan Make(IReadOnlyList<V1EndpointSlice> existing, List<V1Endpoint> endpoints) => SlicePlan.Make(
        existing,
        endpoints.Count == 0 ? [] : [new SliceGroup(KubernetesJson.Serialize(Ports), Ports, endpoints)],
        _ => true,
        group => new V1EndpointSlice { Metadata = new V1ObjectMeta(), Ports = [.. group.Ports] });

    private static V1EndpointSlice Slice(string name, int from, int count) =>
        new() { Metadata = Objects.Meta(name), Ports = Ports, Endpoints = Endpoints(from, count) };

    private static List<V1Endpoint> Endpoints(int from, int count) =>
    [
        .. Enumerable.Range(from, count).Select(i => new V1Endpoint
        {
            Addresses = [$"10.0.{i / 250}.{i % 250}"],
            TargetRef = new V1ObjectReference { Uid = $"uid-{i}" },
        }),
    ];
}
