using MiniKube.Proxy.Rendering;

namespace MiniKube.Proxy.Tests.Rendering;

public sealed class IptablesOptionsTests
{
    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec:
          type: NodePort
          clusterIP: 10.96.0.10
          ports: [{port: 80, protocol: TCP, nodePort: 30000}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{name: "", port: 80, protocol: TCP}]
        endpoints: [{addresses: [10.244.0.2]}]
        """;

    [Fact]
    public void Render_MasqueradeAll_MarksWhateverItsSource()
    {
        var rules = Nat(new IptablesOptions { MasqueradeAll = true }).Values.SelectMany(chain => chain.Rules);

        Assert.Contains("""-m comment --comment "default/web cluster IP" -m tcp -p tcp -d 10.96.0.10 --dport 80 -j KUBE-MARK-MASQ""", rules);
    }

    [Fact]
    public void Render_NoClusterCidr_LeavesTheSourceOfClusterTraffic()
    {
        var service = Assert.Single(Nat(new IptablesOptions()), chain => chain.Key.StartsWith("KUBE-SVC-", StringComparison.Ordinal)).Value;

        Assert.DoesNotContain(service.Rules, rule => rule.Contains("KUBE-MARK-MASQ", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_NodePortAddresses_LimitsTheJump()
    {
        var last = Nat(new IptablesOptions { NodePortAddresses = ["172.28.0.0/16"] })["KUBE-SERVICES"].Rules[^1];

        Assert.EndsWith("-d 172.28.0.0/16 -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS", last, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MasqueradeBit_IsTheMarkEverywhere() => Assert.Equal(
        ["-j MARK --or-mark 0x8000"], Nat(new IptablesOptions { MasqueradeBit = 15 })["KUBE-MARK-MASQ"].Rules);

    private static IReadOnlyDictionary<string, Chain> Nat(IptablesOptions options) =>
        IptablesRenderer.Render(ClusterState.Rules(Service), options).Single(table => table.Name == "nat").Chains;
}
