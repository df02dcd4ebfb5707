using MiniKube.Cluster.Gateway;

namespace MiniKube.Cluster.Tests.Gateway;

public sealed class ProxyRequestTests
{
    [Fact]
    public void Parse_OfConnect_NamesTheTarget_AndSendsNothing() => Assert.Equal(
        new ProxyRequest("registry.k8s.io", 443, ""), ProxyRequest.Parse("CONNECT registry.k8s.io:443 HTTP/1.1\r\nHost: registry.k8s.io:443\r\n\r\n"));

    [Fact]
    public void Parse_OfAPlainRequest_GoesOnInOriginForm_OnOneConnection()
    {
        var request = ProxyRequest.Parse(
            "GET http://host.minikube.internal:5000/v2/?n=1 HTTP/1.1\r\nHost: host.minikube.internal:5000\r\nProxy-Connection: keep-alive\r\nConnection: keep-alive\r\nAccept: */*\r\n\r\n");

        Assert.Equal(
            new ProxyRequest(
                "host.minikube.internal", 5000, "GET /v2/?n=1 HTTP/1.1\r\nHost: host.minikube.internal:5000\r\nAccept: */*\r\nConnection: close\r\n\r\n"),
            request);
    }

    [Theory]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("CONNECT registry.k8s.io HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT registry.k8s.io:99999 HTTP/1.1\r\n\r\n")]
    [InlineData("GET ftp://x/ HTTP/1.1\r\n\r\n")]
    [InlineData("hello\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    public void Parse_OfAnythingElse_IsRefused(string head) => Assert.Null(ProxyRequest.Parse(head));
}
