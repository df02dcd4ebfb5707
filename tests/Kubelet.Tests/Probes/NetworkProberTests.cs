using System.Net;
using System.Net.Sockets;

using k8s.Models;

using MiniKube.Kubelet.Network;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Probes;

public class NetworkProberTests
{
    private const string Address = "127.0.0.1";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("200 OK", true, "hello")]
    [InlineData("399 Nearly", true, "Probe terminated redirects, Response body: hello")]
    [InlineData("400 Bad Request", false, "HTTP probe failed with statuscode: 400")]
    [InlineData("503 Service Unavailable", false, "HTTP probe failed with statuscode: 503")]
    public async Task Http_Status_Decides(string status, bool success, string output)
    {
        await using var server = new TextServer(_ => Answer(status));

        var outcome = await GetAsync(new V1HTTPGetAction { Port = server.Port });

        Assert.Equal(success, outcome.Success);
        Assert.Equal(output, outcome.Output);
    }

    [Fact]
    public async Task Http_Request_HasPathHeadersAndANamedPort()
    {
        var head = "";
        await using var server = new TextServer(request =>
        {
            head = request;
            return Answer("200 OK");
        });
        var container = new V1Container { Name = "app", Ports = [new V1ContainerPort { Name = "web", ContainerPort = server.Port }] };
        var action = new V1HTTPGetAction
        {
            Path = "/well?deep=1",
            Port = "web",
            HttpHeaders = [new V1HTTPHeader { Name = "Host", Value = "shop.example" }, new V1HTTPHeader { Name = "X-Token", Value = "t" }],
        };

        var outcome = await GetAsync(action, container);

        Assert.True(outcome.Success, outcome.Output);
        var lines = head.Split("\r\n");
        Assert.Equal("GET /well?deep=1 HTTP/1.1", lines[0]);
        Assert.Contains("Host: shop.example", lines);
        Assert.Contains("X-Token: t", lines);
        Assert.Contains("User-Agent: kube-probe/1.34", lines);
    }

    [Fact]
    public async Task Http_Redirect_IsFollowedOnTheSameHostOnly()
    {
        await using var server = new TextServer(request => request.StartsWith("GET / ", StringComparison.Ordinal)
            ? Answer("302 Found", "Location: /sick\r\n")
            : request.StartsWith("GET /away ", StringComparison.Ordinal)
                ? Answer("302 Found", "Location: http://elsewhere.invalid/\r\n")
                : Answer("500 Sick"));

        Assert.False((await GetAsync(new V1HTTPGetAction { Port = server.Port })).Success);
        var away = await GetAsync(new V1HTTPGetAction { Port = server.Port, Path = "/away" });
        Assert.True(away is { Success: true, IsWarning: true }, away.Output);
        Assert.StartsWith("Probe terminated redirects, Response body: ", away.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_WithoutAnAnswer_TimesOut()
    {
        await using var server = new TextServer(_ => null);

        var outcome = await GetAsync(new V1HTTPGetAction { Port = server.Port }, limit: TimeSpan.FromMilliseconds(200));

        Assert.Equal(
            new ProbeOutcome(false, $"Get \"http://{Address}:{server.Port}/\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"), outcome);
    }

    [Fact]
    public async Task Http_NobodyThere_IsRefused()
    {
        var port = FreePort();

        var outcome = await GetAsync(new V1HTTPGetAction { Port = port });

        Assert.Equal(new ProbeOutcome(false, $"Get \"http://{Address}:{port}/\": dial tcp {Address}:{port}: connect: connection refused"), outcome);
    }

    [Fact]
    public async Task Tcp_OpenPort_IsWellAndAClosedOneIsNot()
    {
        await using var server = new TextServer(_ => "");
        var closed = FreePort();

        Assert.Equal(new ProbeOutcome(true, ""), await ConnectAsync(server.Port));
        Assert.Equal(new ProbeOutcome(false, $"dial tcp {Address}:{closed}: connect: connection refused"), await ConnectAsync(closed));
    }

    private static async Task<ProbeOutcome> GetAsync(V1HTTPGetAction action, V1Container? container = null, TimeSpan? limit = null)
    {
        using var prober = new HttpProber(new NodeNetwork(""));
        return await prober.ProbeAsync(action, container ?? new V1Container { Name = "app" }, Address, limit ?? Limit, Token);
    }

    private static Task<ProbeOutcome> ConnectAsync(int port) =>
        TcpProber.ProbeAsync(new V1TCPSocketAction { Port = port }, new V1Container { Name = "app" }, Address, new NodeNetwork(""), Limit, Token);

    private static string Answer(string status, string headers = "") => $"HTTP/1.1 {status}\r\n{headers}Content-Length: 5\r\nConnection: close\r\n\r\nhello";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
