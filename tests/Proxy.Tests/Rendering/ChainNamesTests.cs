using MiniKube.Api.Meta;
using MiniKube.Proxy.Rendering;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Tests.Rendering;

/// <summary>The names are upstream's own, so that people and tools find what they know: these are seen on every cluster.</summary>
public sealed class ChainNamesTests
{
    [Theory]
    [InlineData("default", "kubernetes", "https", "tcp", "KUBE-SVC-NPX46M4PTMTKRN6Y")]
    [InlineData("kube-system", "kube-dns", "dns", "udp", "KUBE-SVC-TCOU7JCQXEZGVUNU")]
    [InlineData("kube-system", "kube-dns", "dns-tcp", "tcp", "KUBE-SVC-ERIFXISQEP7F7OF4")]
    [InlineData("kube-system", "kube-dns", "metrics", "tcp", "KUBE-SVC-JD5MR3NA4I4DYORP")]
    public void ClusterService_WellKnown_IsUpstreamsName(string @namespace, string name, string port, string protocol, string chain) =>
        Assert.Equal(chain, ChainNames.ClusterService(new ServicePort
        {
            Name = new ServicePortName(new NamespacedName(@namespace, name), port),
            Protocol = protocol,
            ClusterIP = "10.96.0.1",
            Port = 443,
        }));
}
