using MiniKube.Proxy.Applying;

namespace MiniKube.Proxy.Tests.Applying;

public sealed class StaleFlowsTests
{
    [Fact]
    public void Between_EndpointGone_ForgetsWhatLedThere() => Assert.Equal(
        [
            "-D -f ipv4 -p udp --orig-dst 10.96.0.10 --orig-port-dst 53 --dst-nat 10.244.0.2",
            "-D -f ipv4 -p udp --orig-port-dst 30053 --dst-nat 10.244.0.2",
        ],
        Flows(State("UDP", "10.244.0.2", "10.244.0.3"), State("UDP", "10.244.0.3")));

    [Fact]
    public void Between_FirstEndpoint_ForgetsWhatLedNowhere() => Assert.Equal(
        ["-D -f ipv4 -p udp --orig-dst 10.96.0.10 --orig-port-dst 53", "-D -f ipv4 -p udp --orig-port-dst 30053"],
        Flows(State("UDP"), State("UDP", "10.244.0.3")));

    [Fact]
    public void Between_TcpEndpointGone_ForgetsWhatNobodyHasAnsweredThere() => Assert.Equal(
        ["-D -f ipv4 -p tcp --state SYN_SENT --dst-nat 10.244.0.2"], Flows(State("TCP", "10.244.0.2", "10.244.0.3"), State("TCP", "10.244.0.3")));

    [Fact]
    public void Between_FirstTcpEndpoint_ForgetsNothing() => Assert.Empty(Flows(State("TCP"), State("TCP", "10.244.0.2")));

    private static IEnumerable<string> Flows(string before, string after) =>
        StaleFlows.Between(ClusterState.Rules(before), ClusterState.Rules(after)).Select(flow => string.Join(' ', flow.Arguments));

    private static string State(string protocol, params string[] addresses) => $$$"""
        apiVersion: v1
        kind: Service
        metadata: {name: dns, namespace: default}
        spec:
          clusterIP: 10.96.0.10
          ports: [{port: 53, protocol: {{{protocol}}}, nodePort: 30053}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: dns-1, namespace: default, labels: {kubernetes.io/service-name: dns}}
        addressType: IPv4
        ports: [{name: "", port: 53, protocol: {{{protocol}}}}]
        endpoints: [{{{string.Join(", ", addresses.Select(address => "{addresses: [" + address + "]}"))}}}]
        """;
}
