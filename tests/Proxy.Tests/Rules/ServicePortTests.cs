using k8s.Models;

using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Tests.Rules;

public sealed class ServicePortTests
{
    /// <summary>iptables would take 010 for eight.</summary>
    [Fact]
    public void Of_AddressesWithLeadingZeros_AreDecimal()
    {
        var service = new V1Service
        {
            Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "default" },
            Spec = new V1ServiceSpec
            {
                ClusterIP = "010.96.0.010",
                ClusterIPs = ["010.96.0.010"],
                ExternalIPs = ["192.0.02.1", "2001:DB8::1"],
                LoadBalancerSourceRanges = [" 010.0.0.0/08", "2001:DB8::/32"],
                Ports = [new V1ServicePort { Port = 80, Protocol = "TCP" }],
            },
            Status = new V1ServiceStatus { LoadBalancer = new V1LoadBalancerStatus { Ingress = [new V1LoadBalancerIngress { Ip = "192.0.2.010", IpMode = "VIP" }] } },
        };

        var port = Assert.Single(ServicePort.Of(service, IPFamily.IPv4));

        Assert.Equal("10.96.0.10", port.ClusterIP);
        Assert.Equal(["192.0.2.1"], port.ExternalIPs);
        Assert.Equal(["10.0.0.0/8"], port.SourceRanges);
        Assert.Equal(["192.0.2.10"], port.LoadBalancerIPs);
    }
}
