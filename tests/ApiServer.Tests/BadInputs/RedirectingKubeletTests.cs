using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>A kubelet that sends the server elsewhere (B41) or refuses an upgrade and goes on listening (B40).</summary>
[Collection(AttackCollection.Name)]
public sealed class RedirectingKubeletTests(AttackedServer server)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("B40 a refusal", "HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope", "exec?command=id&stdout=true", 403)]
    [InlineData("B41 exec", "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "exec?command=id&stdout=true", 502)]
    [InlineData("B41 attach", "HTTP/1.1 301 Moved\r\nLocation: /api/v1/secrets\r\nContent-Length: 0\r\n\r\n", "attach?stdout=true", 502)]
    public async Task Kubelet_ThatDoesNotUpgrade_IsAskedNothingMore(string what, string says, string asked, int status)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var kubelet = AnswerAsync(listener, says);
        var name = await CreatePodAsync(Assert.IsType<IPEndPoint>(listener.LocalEndpoint).Port);
        var answer = "";

        var cost = await server.MeasureAsync(async () =>
        {
            await using var connection = await server.ConnectAsync(SslApplicationProtocol.Http11);
            await connection.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /api/v1/namespaces/bad/pods/{name}/{asked} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n\r\n"
                    + "GET /pods/secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                Cancelled);
            answer = await AttackedServer.ReadToEndAsync(connection, Bound);
        });

        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{what}: {answer}");

        // CVE-2018-1002105: what the client sent on never reached the kubelet.
        Assert.Equal("", await kubelet.WaitAsync(Bound, Cancelled));
        cost.ExpectWithin(Bound);
    }

    private async Task<string> CreatePodAsync(int port)
    {
        var name = $"odd-{Guid.NewGuid().ToString("N")[..8]}";
        (await server.Admin.SendAsync(HttpMethod.Post, "/api/v1/nodes", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
        (await server.Admin.SendAsync(
            HttpMethod.Patch,
            $"/api/v1/nodes/{name}/status",
            $$$"""{"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":{{{port}}} } } } }""",
            "application/merge-patch+json")).Expect(200);
        (await server.Admin.CreateAsync("pods", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"nodeName":"{{{name}}}","containers":[{"name":"app","image":"i"}]}}""")).Expect(201);
        return name;
    }

    /// <summary>Answers one request; returns what came after it until the server closed the connection.</summary>
    private async Task<string> AnswerAsync(TcpListener listener, string says)
    {
        using var certificate = server.CreateServingCertificate();
        using var client = await listener.AcceptTcpClientAsync(Cancelled);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(certificate);
        var buffer = new byte[16 * 1024];
        var heard = "";
        while (!heard.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            heard += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Cancelled));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(says), Cancelled);
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, Cancelled));
    }
}
