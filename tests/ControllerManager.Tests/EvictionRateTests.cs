using k8s.Models;

using Microsoft.Extensions.Time.Testing;

using MiniKube.ControllerManager.Nodes;

namespace MiniKube.ControllerManager.Tests;

public sealed class EvictionRateTests
{
    private static readonly ControllerManagerOptions Options = new();

    [Theory]
    // Two nodes, or fewer than 55 %, are single nodes that died.
    [InlineData(10, 1, 0.1)]
    [InlineData(1, 2, 0.1)]
    [InlineData(46, 54, 0.1)]
    // More is a fault of the network: a small zone waits, a large one is emptied slowly.
    [InlineData(2, 3, 0)]
    [InlineData(22, 28, 0)]
    [InlineData(22, 29, 0.01)]
    [InlineData(45, 55, 0.01)]
    // A zone that is gone altogether, beside another that is not.
    [InlineData(0, 5, 0.1)]
    public void Rate_OfAZone_IsUpstreams(int ready, int notReady, double rate)
    {
        var zones = new NodeZones([.. Nodes("here", "True", ready), .. Nodes("here", "Unknown", notReady), .. Nodes("there", "True", 1)], Options);

        Assert.Equal(rate, zones.RateOf(Node("x", "here", "Unknown")));
        Assert.False(zones.AreAllDown);
    }

    [Fact]
    public void Zones_WithoutAnyReadyNode_AreAllDown_WhateverExcludedNodesAre()
    {
        var excluded = Node("virtual", "there", "True");
        excluded = excluded with { Metadata = excluded.Metadata with { Labels = new Dictionary<string, string>(excluded.Metadata.Labels) { ["node.kubernetes.io/exclude-disruption"] = "" } } };

        Assert.True(new NodeZones([.. Nodes("here", "Unknown", 1), .. Nodes("there", "False", 2), excluded], Options).AreAllDown);
        Assert.False(new NodeZones([.. Nodes("here", "Unknown", 1), .. Nodes("there", "True", 1)], Options).AreAllDown);
        Assert.False(new NodeZones([], Options).AreAllDown);
    }

    [Fact]
    public void Limiter_AllowsOneNodeOfAZoneAtOnce_ThenOneEachTenSeconds()
    {
        var clock = new FakeTimeProvider();
        var limiter = new EvictionLimiter(clock);
        var nodes = Nodes("here", "Unknown", 3).ToList();

        Assert.True(limiter.Allows(nodes[0], 0.1));
        Assert.False(limiter.Allows(nodes[1], 0.1));
        Assert.True(limiter.Allows(Node("other", "there", "Unknown"), 0.1));

        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(limiter.Allows(nodes[1], 0.1));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(limiter.Allows(nodes[1], 0.1));
        Assert.False(limiter.Allows(nodes[2], 0.1));

        // Allowed once is allowed until the node is well.
        Assert.True(limiter.Allows(nodes[0], 0));
        limiter.Withdraw(nodes[0]);
        Assert.False(limiter.Allows(nodes[0], 0.1));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(limiter.Allows(nodes[0], 0));
        Assert.True(limiter.Allows(nodes[0], 0.01));
    }

    private static IEnumerable<V1Node> Nodes(string zone, string ready, int count) => Enumerable.Range(0, count).Select(i => Node($"{zone}-{ready}-{i}", zone, ready));

    private static V1Node Node(string name, string zone, string ready) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Uid = name, Labels = new Dictionary<string, string> { ["topology.kubernetes.io/zone"] = zone } },
        Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = ready }] },
    };
}
