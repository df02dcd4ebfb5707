using k8s.Models;

using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Pods;

public class ServiceVariablesTests
{
    private static readonly V1Service Kubernetes = Service("kubernetes", "default", "10.96.0.1", new V1ServicePort { Name = "https", Port = 443 });

    [Fact]
    public void Service_OfThePodsNamespace_HasUpstreamsVariables()
    {
        var redis = Service(
            "redis-master", "shop", "10.96.0.11", new V1ServicePort { Name = "tcp-main", Port = 6379 }, new V1ServicePort { Name = "dns", Port = 53, Protocol = "UDP" });

        var variables = ServiceVariables.Of(PodIn("shop"), [redis]);

        Assert.Equal(
            [
                ("REDIS_MASTER_SERVICE_HOST", "10.96.0.11"),
                ("REDIS_MASTER_SERVICE_PORT", "6379"),
                ("REDIS_MASTER_SERVICE_PORT_TCP_MAIN", "6379"),
                ("REDIS_MASTER_SERVICE_PORT_DNS", "53"),
                ("REDIS_MASTER_PORT", "tcp://10.96.0.11:6379"),
                ("REDIS_MASTER_PORT_6379_TCP", "tcp://10.96.0.11:6379"),
                ("REDIS_MASTER_PORT_6379_TCP_PROTO", "tcp"),
                ("REDIS_MASTER_PORT_6379_TCP_PORT", "6379"),
                ("REDIS_MASTER_PORT_6379_TCP_ADDR", "10.96.0.11"),
                ("REDIS_MASTER_PORT_53_UDP", "udp://10.96.0.11:53"),
                ("REDIS_MASTER_PORT_53_UDP_PROTO", "udp"),
                ("REDIS_MASTER_PORT_53_UDP_PORT", "53"),
                ("REDIS_MASTER_PORT_53_UDP_ADDR", "10.96.0.11"),
            ],
            variables);
    }

    [Fact]
    public void KubernetesService_IsInEveryNamespace_OthersOnlyInTheirOwn()
    {
        var web = Service("web", "default", "10.96.0.12", new V1ServicePort { Port = 80 });

        var variables = ServiceVariables.Of(PodIn("shop"), [web, Kubernetes]).ToDictionary();

        Assert.Equal("10.96.0.1", variables["KUBERNETES_SERVICE_HOST"]);
        Assert.Equal("443", variables["KUBERNETES_SERVICE_PORT_HTTPS"]);
        Assert.DoesNotContain("WEB_SERVICE_HOST", variables.Keys);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("shop")]
    public void ServiceLinks_TurnedOff_LeaveOnlyTheKubernetesService(string @namespace)
    {
        var web = Service("web", @namespace, "10.96.0.12", new V1ServicePort { Port = 80 });
        var pod = PodIn(@namespace);
        pod = pod with { Spec = pod.Spec with { EnableServiceLinks = false } };

        var variables = ServiceVariables.Of(pod, [web, Kubernetes]);

        Assert.All(variables, variable => Assert.StartsWith("KUBERNETES_", variable.Name, StringComparison.Ordinal));
        Assert.Contains(("KUBERNETES_PORT", "tcp://10.96.0.1:443"), variables);
    }

    [Fact]
    public void Service_CalledKubernetesInThePodsNamespace_TakesPrecedenceWithLinks()
    {
        var own = Service("kubernetes", "shop", "10.96.0.99", new V1ServicePort { Port = 1 });
        var pod = PodIn("shop");

        var linked = ServiceVariables.Of(pod, [own, Kubernetes]).ToDictionary();
        var unlinked = ServiceVariables.Of(pod with { Spec = pod.Spec with { EnableServiceLinks = false } }, [own, Kubernetes]).ToDictionary();

        Assert.Equal("10.96.0.99", linked["KUBERNETES_SERVICE_HOST"]);
        Assert.Equal("10.96.0.1", unlinked["KUBERNETES_SERVICE_HOST"]);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("")]
    public void Service_WithoutAnAddress_HasNoVariables(string clusterIp) =>
        Assert.Empty(ServiceVariables.Of(PodIn("shop"), [Service("web", "shop", clusterIp, new V1ServicePort { Port = 80 })]));

    private static V1Pod PodIn(string @namespace)
    {
        var pod = TestPods.Pod("containers: [{name: app, image: busybox}]");
        return pod with { Metadata = pod.Metadata with { NamespaceProperty = @namespace } };
    }

    private static V1Service Service(string name, string @namespace, string clusterIp, params V1ServicePort[] ports) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace },
        Spec = new V1ServiceSpec { ClusterIP = clusterIp, Ports = ports },
    };
}
