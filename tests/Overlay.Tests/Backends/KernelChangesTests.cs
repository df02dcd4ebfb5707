using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Overlay.Backends.Vxlan;
using MiniKube.Overlay.Links;
using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Tests.Backends;

public sealed class KernelChangesTests
{
    private static readonly VxlanPeer Peer = new(Of("10.244.2.0/24"), AddressOf("172.28.128.32"), "02:00:00:00:00:02");

    [Fact]
    public void Routes_OneIsMissingOneIsStaleAndOthersAreNotOurs_ChangesOnlyOurs()
    {
        var present = Objects(
            """
            [{"dst":"default","gateway":"172.28.128.1","dev":"eth0","flags":[]},
             {"dst":"10.244.1.0/24","dev":"cni0","protocol":"kernel","scope":"link","prefsrc":"10.244.1.1","flags":[]},
             {"dst":"192.168.7.0/24","gateway":"172.28.128.9","dev":"eth0","flags":[]},
             {"dst":"10.244.3.0/24","gateway":"172.28.128.33","dev":"eth0","flags":[]},
             {"dst":"10.244.4.0/24","gateway":"10.244.4.0","dev":"flannel.1","flags":["onlink"]}]
            """);
        PeerRoute[] wanted =
        [
            new(Of("10.244.2.0/24"), AddressOf("10.244.2.0"), "flannel.1", OnLink: true),
            new(Of("10.244.4.0/24"), AddressOf("10.244.4.0"), "flannel.1", OnLink: true),
        ];

        Assert.Equal(
            ["route del 10.244.3.0/24 via 172.28.128.33 dev eth0", "route replace 10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink"],
            PeerRoute.Changes(Of("10.244.0.0/16"), present, wanted));
    }

    [Fact]
    public void Neighbours_MacChangedAndOneIsStale_ReplacesAndRemoves()
    {
        var present = Objects(
            """[{"dst":"10.244.2.0","lladdr":"02:00:00:00:00:99","state":["PERMANENT"]},{"dst":"10.244.9.0","lladdr":"02:00:00:00:00:09","state":["PERMANENT"]}]""");

        Assert.Equal(
            ["neigh del 10.244.9.0 dev flannel.1", "neigh replace 10.244.2.0 lladdr 02:00:00:00:00:02 dev flannel.1 nud permanent"],
            VxlanTables.NeighbourChanges("flannel.1", present, [Peer]));
    }

    [Fact]
    public void Forwarding_AddressChangedAndOneIsStale_ReplacesAndRemoves()
    {
        var present = Objects(
            """[{"mac":"02:00:00:00:00:02","dst":"172.28.128.99","flags":["self"],"state":"permanent"},{"mac":"02:00:00:00:00:09","dst":"172.28.128.39","flags":["self"],"state":"permanent"}]""");

        Assert.Equal(
            ["fdb del 02:00:00:00:00:09 dev flannel.1 dst 172.28.128.39 self", "fdb replace 02:00:00:00:00:02 dev flannel.1 dst 172.28.128.32 self permanent"],
            VxlanTables.ForwardingChanges("flannel.1", present, [Peer]));
    }

    [Fact]
    public void Changes_AllIsAsItShouldBe_AreNone()
    {
        Assert.Empty(VxlanTables.NeighbourChanges("flannel.1", Objects("""[{"dst":"10.244.2.0","lladdr":"02:00:00:00:00:02"}]"""), [Peer]));
        Assert.Empty(VxlanTables.ForwardingChanges("flannel.1", Objects("""[{"mac":"02:00:00:00:00:02","dst":"172.28.128.32"}]"""), [Peer]));
    }

    [Theory]
    [InlineData("""{"Type":"vxlan","Learning":true}""", "Learning")]
    [InlineData("""{"Type":"vxlan","MacPrefix":"0E-2A"}""", "MacPrefix")]
    [InlineData("""{"Type":"vxlan","VNI":"one"}""", "VNI")]
    public void VxlanConfig_WhatIsNotSupported_IsRefused(string text, string setting)
    {
        var exception = Assert.Throws<ConfigException>(() => VxlanConfig.Parse(JsonDocument.Parse(text).RootElement));

        Assert.Contains(setting, exception.Message, StringComparison.Ordinal);
    }

    private static List<JsonObject> Objects(string text) => [.. JsonNode.Parse(text)!.AsArray().Select(item => item!.AsObject())];

    private static Subnet Of(string text) => Subnet.TryParse(text, out var subnet) ? subnet : throw new ArgumentException(text);

    private static uint AddressOf(string text) => Subnet.TryParseAddress(text, out var number) ? number : throw new ArgumentException(text);
}
