using MiniKube.Kubelet.Network;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Pods;

public class HostPortRulesTests
{
    [Fact]
    public void Script_OfAPodWithTwoPorts_LeadsToItAndMasqueradesItself()
    {
        var pod = TestPods.Pod("""
            containers:
            - name: app
              ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 53, hostPort: 5353, protocol: UDP, hostIP: 192.0.2.9}, {containerPort: 81}]
            """);

        var script = HostPortRules.Script("uid", "10.0.0.7", HostPort.Of(pod)).Split('\n');

        var (chain, masquerade) = (HostPortRules.ChainOf("uid", false), HostPortRules.ChainOf("uid", true));
        Assert.Equal(
            [
                "*nat",
                $":{chain} - [0:0]",
                $":{masquerade} - [0:0]",
                $"-A {chain} -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.0.7:80",
                $"-A {masquerade} -s 10.0.0.7/32 -d 10.0.0.7/32 -p tcp -m tcp --dport 80 -j MASQUERADE",
                $"-A {masquerade} -s 127.0.0.1/32 -d 10.0.0.7/32 -p tcp -m tcp --dport 80 -j MASQUERADE",
                $"-A {chain} -d 192.0.2.9 -p udp -m udp --dport 5353 -j DNAT --to-destination 10.0.0.7:53",
                $"-A {masquerade} -s 10.0.0.7/32 -d 10.0.0.7/32 -p udp -m udp --dport 53 -j MASQUERADE",
                $"-A {masquerade} -s 127.0.0.1/32 -d 10.0.0.7/32 -p udp -m udp --dport 53 -j MASQUERADE",
                "COMMIT",
                "",
            ],
            script);
        Assert.InRange(chain.Length, 1, 28);
    }

    [Fact]
    public void Ports_OfTheNodesNetwork_NeedNoRules() =>
        Assert.Empty(HostPort.Of(TestPods.Pod("{hostNetwork: true, containers: [{name: app, ports: [{containerPort: 80, hostPort: 80}]}]}")));

    [Theory]
    [InlineData("", "", 80, "TCP", true)]
    [InlineData("192.0.2.1", "", 80, "TCP", true)]
    [InlineData("192.0.2.1", "192.0.2.2", 80, "TCP", false)]
    [InlineData("", "", 81, "TCP", false)]
    [InlineData("", "", 80, "UDP", false)]
    public void TwoPorts_OfOneNode_ClashWhereTheyMeet(string one, string other, int port, string protocol, bool same) =>
        Assert.Equal(same, new HostPort("tcp", one, 80, 1).IsSame(new HostPort(protocol.ToLowerInvariant(), other, port, 2)));
}
