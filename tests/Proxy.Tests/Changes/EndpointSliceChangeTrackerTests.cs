using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client.Informers;
using MiniKube.Proxy.Changes;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Tests.Changes;

public sealed class EndpointSliceChangeTrackerTests
{
    private static readonly ServicePortName Web = new(new NamespacedName("default", "web"), "");

    private readonly EndpointSliceChangeTracker _tracker = new(IPFamily.IPv4, ClusterState.Node);

    [Fact]
    public void Apply_SeveralSlices_ArePutTogether()
    {
        Add(Slice("web-1", ("10.0.0.1", true)));
        Add(Slice("web-2", ("10.0.0.2", true)));

        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], Endpoints());
    }

    [Fact]
    public void Apply_EndpointInTwoSlices_CountsOnceAtItsBest()
    {
        Add(Slice("web-1", ("10.0.0.1", false)));
        Add(Slice("web-2", ("10.0.0.1", true)));

        Assert.True(Assert.Single(_tracker.Current()[Web]).IsReady);
    }

    [Fact]
    public void Apply_NothingNew_AsksForNoSync()
    {
        Assert.True(Add(Slice("web-1", ("10.0.0.1", true))));
        Assert.False(Add(Slice("web-1", ("10.0.0.1", true))));
        Assert.True(Add(Slice("web-1", ("10.0.0.1", false))));
    }

    [Fact]
    public void Apply_SliceDeleted_TakesItsEndpoints()
    {
        Add(Slice("web-1", ("10.0.0.1", true)));
        Add(Slice("web-2", ("10.0.0.2", true)));
        Assert.True(_tracker.Apply(new ObjectChange<V1EndpointSlice>(Slice("web-1"), null)));
        Assert.Equal(["10.0.0.2:80"], Endpoints());

        Assert.True(_tracker.Apply(new ObjectChange<V1EndpointSlice>(Slice("web-2"), null)));
        Assert.Empty(_tracker.Current());
    }

    [Fact]
    public void Apply_OtherFamily_IsLeftAlone()
    {
        var slice = Slice("web-1", ("fd00::1", true));
        slice.AddressType = "IPv6";

        Assert.False(Add(slice));
    }

    private static V1EndpointSlice Slice(string name, params (string Address, bool Ready)[] endpoints) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = "default",
            Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "web" },
        },
        AddressType = "IPv4",
        Ports = [new Discoveryv1EndpointPort { Name = "", Port = 80, Protocol = "TCP" }],
        Endpoints =
        [
            .. endpoints.Select(endpoint => new V1Endpoint
            {
                Addresses = [endpoint.Address],
                Conditions = new V1EndpointConditions { Ready = endpoint.Ready },
            }),
        ],
    };

    private bool Add(V1EndpointSlice slice) => _tracker.Apply(new ObjectChange<V1EndpointSlice>(null, slice));

    private IEnumerable<string> Endpoints() => _tracker.Current()[Web].Select(endpoint => endpoint.ToString());
}
