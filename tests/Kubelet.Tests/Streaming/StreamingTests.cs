using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace MiniKube.Kubelet.Tests.Streaming;

/// <summary>Clients through the API server to the kubelet, byte for byte, with commands in memory.</summary>
public sealed class StreamingTests(StreamingNode node) : IClassFixture<StreamingNode>
{
    private const string Pods = "/api/v1/namespaces/default/pods";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v5.channel.k8s.io", "1:|1:out|2:err|3:{\"metadata\":{},\"status\":\"Success\"}")]
    [InlineData("v4.channel.k8s.io", "1:|1:out|2:err|3:{\"metadata\":{},\"status\":\"Success\"}")]
    [InlineData("channel.k8s.io", "1:|1:out|2:err")]
    [InlineData("", "1:|1:out|2:err")]
    [InlineData("v4.base64.channel.k8s.io", "1:|1:b3V0|2:ZXJy|3:eyJtZXRhZGF0YSI6e30sInN0YXR1cyI6IlN1Y2Nlc3MifQ==")]
    public async Task Exec_OverWebSocket_SaysEachStreamOnItsChannelThenHowItEnded(string protocol, string expected)
    {
        using var socket = await ConnectAsync($"{Pods}/web/exec?command=both&stdout=true&stderr=1", protocol);

        Assert.Equal(expected, string.Join('|', await ReadAllAsync(socket)));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        Assert.Equal(protocol.Length == 0 ? null : protocol, socket.SubProtocol);
    }

    [Theory]
    [InlineData("command=exit&command=42", """{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: exit status 42","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"42"}]}}""")]
    [InlineData("command=nosuch", """{"metadata":{},"status":"Failure","message":"Internal error occurred: error executing command in container: exec: \"nosuch\": executable file not found in $PATH","reason":"InternalError","details":{"causes":[{"message":"error executing command in container: exec: \"nosuch\": executable file not found in $PATH"}]},"code":500}""")]
    public async Task Exec_ThatFails_TellsWhyInAStatus(string command, string status)
    {
        using var socket = await ConnectAsync($"{Pods}/web/exec?{command}&stdout=true", "v5.channel.k8s.io");

        var last = (await ReadAllAsync(socket))[^1];
        Assert.StartsWith("3:", last, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(status), JsonNode.Parse(last[2..])), last);
    }

    [Fact]
    public async Task Exec_StdinInV5_EndsByTheCloseSignal()
    {
        using var socket = await ConnectAsync($"{Pods}/web/exec?command=cat&stdin=true&stdout=true", "v5.channel.k8s.io");

        await SendAsync(socket, 0, "hear ");
        await SendAsync(socket, 0, "me");
        await SendAsync(socket, 255, "\0");

        var said = await ReadAllAsync(socket);
        Assert.Equal("hear me", string.Concat(said.Where(text => text.StartsWith("1:", StringComparison.Ordinal)).Select(text => text[2..])));
        Assert.Equal("3:{\"metadata\":{},\"status\":\"Success\"}", said[^1]);
    }

    [Fact]
    public async Task Exec_WithATerminal_HearsItsSizes()
    {
        using var socket = await ConnectAsync($"{Pods}/web/exec?command=sizes&stdout=true&tty=true", "v5.channel.k8s.io");

        await SendAsync(socket, 4, "{\"Width\":80,\"Height\":24}\n");
        await SendAsync(socket, 4, "{\"Height\":50,\"Width\":132}");
        await SendAsync(socket, 255, "\u0004");

        Assert.Equal("80x24;132x50;", string.Concat((await ReadAllAsync(socket)).Where(text => text.StartsWith("1:", StringComparison.Ordinal)).Select(text => text[2..])));
    }

    [Fact]
    public async Task Exec_WhoseClientGoes_IsToldSo()
    {
        var socket = await ConnectAsync($"{Pods}/web/exec?command=wait&stdout=true", "v5.channel.k8s.io");
        await socket.ReceiveAsync(new byte[10].AsMemory(), Token);

        socket.Abort();
        socket.Dispose();

        await node.Streaming.HungUp.WaitAsync(TimeSpan.FromSeconds(60), Token);
    }

    [Fact]
    public async Task Attach_OverWebSocket_JoinsTheContainer()
    {
        using var socket = await ConnectAsync($"{Pods}/web/attach?stdout=true", "v4.channel.k8s.io");

        Assert.Contains("1:attached", await ReadAllAsync(socket));
    }

    [Theory]
    [InlineData("exec?command=both&stdout=true", 400, "Upgrade request required")]
    [InlineData("exec?command=both&stdout=true&container=other", 400, "container other is not valid for pod web")]
    [InlineData("portforward", 400, "Upgrade request required")]
    [InlineData("portforward?ports=x", 400, "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("log?tailLines=-1", 422, "PodLogOptions \"web\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("log?limitBytes=0", 422, "PodLogOptions \"web\" is invalid: limitBytes: Invalid value: 0: must be greater than 0")]
    [InlineData("log?sinceSeconds=0", 422, "PodLogOptions \"web\" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("log?tailLines=all", 400, "strconv.ParseInt: parsing \"all\": invalid syntax")]
    [InlineData("log?previous=true", 400, "previous terminated container \"app\" in pod \"web\" not found")]
    public async Task BadRequest_IsRefusedInUpstreamsWords(string request, int code, string message)
    {
        var status = await RefusalAsync($"{Pods}/web/{request}");

        Assert.Equal((code, message), status);
    }

    [Fact]
    public async Task PodWithoutANodeOrWithSeveralContainers_IsRefused()
    {
        await node.AddPodAsync("unscheduled", "containers: [{name: app, image: i}]", "");
        await node.AddPodAsync("several", "{containers: [{name: a, image: i}, {name: b, image: i}], initContainers: [{name: c, image: i}]}", "node1");

        foreach (var action in (string[])["exec", "attach", "log", "portforward"])
        {
            Assert.Equal((400, "pod unscheduled does not have a host assigned"), await RefusalAsync($"{Pods}/unscheduled/{action}"));
            Assert.Equal((404, "pods \"nosuch\" not found"), await RefusalAsync($"{Pods}/nosuch/{action}"));
            Assert.Equal(
                (400, action == "portforward" ? "Upgrade request required" : "a container name must be specified for pod several, choose one of: [a b] or one of the init containers: [c]"),
                await RefusalAsync($"{Pods}/several/{action}"));
        }
    }

    [Theory]
    [InlineData("unheard.of")]
    [InlineData("v2.channel.k8s.io")]
    public async Task UnknownProtocol_IsRefusedSoThatTheClientMayTryAnother(string protocol)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(socket, $"{Pods}/web/exec?command=both&stdout=true"));

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v4.channel.k8s.io")]
    [InlineData("v5.channel.k8s.io")]
    [InlineData("")]
    public async Task PortForward_OverChannels_SaysThePortFirstThenPassesBytesBothWays(string protocol)
    {
        using var echo = new EchoServer();
        node.Streaming.Port = echo.Port;
        using var socket = await ConnectAsync($"{Pods}/web/portforward?ports=1234,8080", protocol);

        var first = await ReadAsync(socket, 4);
        await SendAsync(socket, 2, "to 8080");
        await SendAsync(socket, 0, "to 1234");
        var second = await ReadAsync(socket, 2);

        Assert.Equal(["0:\u04D2", "1:\u04D2", "2:\u1F90", "3:\u1F90"], first.Select(text => $"{text[..2]}{(char)(text[2] | (text[3] << 8))}"));
        Assert.Equal(["0:to 1234", "2:to 8080"], second.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PortForward_ToAPortThatRefuses_TellsTheErrorChannelAndCloses()
    {
        node.Streaming.Port = 0;
        using var socket = await ConnectAsync($"{Pods}/web/portforward?ports=9", "v4.channel.k8s.io");

        var said = await ReadAllAsync(socket);

        Assert.Equal("1:error forwarding port 9 to pod web, uid web-uid: connection refused", said[^1]);
    }

    // CVE-2020-8559, CVE-2018-1002105: B40, B41.
    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n", 502)]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: /api/v1/secrets\r\nContent-Length: 0\r\n\r\n", 502)]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope", 403)]
    public async Task Kubelet_ThatRefusesOrRedirects_IsNotFollowedAndLosesItsConnection(string answer, int code)
    {
        using var kubelet = new FixedKubelet(answer, node);
        var name = $"odd-{Guid.NewGuid().ToString("N")[..6]}";
        await node.AddNodeAsync(name, kubelet.Port);
        await node.AddPodAsync(name, "containers: [{name: app, image: i}]", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Pods}/{name}/exec?command=id&stdout=true");
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "SPDY/3.1");

        using var response = await node.Server.Client.SendAsync(request, Token);

        Assert.Equal(code, (int)response.StatusCode);
        Assert.True(response.Headers.ConnectionClose ?? code == 502);
        Assert.Equal("", await kubelet.WhatFollowedAsync());
        Assert.Equal(1, kubelet.Connections);
    }

    // Of upstream's conformance suite: a log read over a WebSocket. The first message is empty.
    [Theory]
    [InlineData("binary.k8s.io", "Binary:|Binary:container is alive\n")]
    [InlineData("", "Binary:|Binary:container is alive\n")]
    [InlineData("base64.binary.k8s.io", "Text:|Text:Y29udGFpbmVyIGlzIGFsaXZlCg==")]
    public async Task Log_OverWebSocket_ComesInMessages(string protocol, string expected)
    {
        using var kubelet = new FixedKubelet("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 19\r\n\r\ncontainer is alive\n", node);
        var name = $"log-{Guid.NewGuid().ToString("N")[..6]}";
        await node.AddNodeAsync(name, kubelet.Port);
        await node.AddPodAsync(name, "containers: [{name: app, image: i}]", name);

        using var socket = await ConnectAsync($"{Pods}/{name}/log?container=app", protocol);

        var said = new List<string>();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), Token) is { MessageType: not WebSocketMessageType.Close } received)
        {
            said.Add($"{received.MessageType}:{Encoding.UTF8.GetString(buffer, 0, received.Count)}");
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Token);
        Assert.Equal(expected, string.Join('|', said));
        Assert.Equal(protocol.Length == 0 ? null : protocol, socket.SubProtocol);
    }

    private async Task<(int Code, string Message)> RefusalAsync(string path)
    {
        using var answer = await node.Server.Client.GetAsync(path, Token);
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!;
        Assert.Equal("Status", (string?)status["kind"]);
        Assert.Equal((int)answer.StatusCode, (int?)status["code"]);
        return ((int)answer.StatusCode, (string?)status["message"] ?? "");
    }

    private async Task<WebSocket> ConnectAsync(string path, string protocol)
    {
        var socket = new ClientWebSocket();
        if (protocol.Length > 0)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        await ConnectAsync(socket, path);
        return socket;
    }

    private async Task ConnectAsync(ClientWebSocket socket, string path)
    {
        var address = new UriBuilder(new Uri(node.Server.Address, path)) { Scheme = "wss" }.Uri;
        await socket.ConnectAsync(address, new HttpMessageInvoker(node.Server.CreateHandler("admin", "system:masters")), Token);
    }

    private static Task SendAsync(WebSocket socket, byte channel, string text) =>
        socket.SendAsync(new ArraySegment<byte>([channel, .. Encoding.UTF8.GetBytes(text)]), WebSocketMessageType.Binary, endOfMessage: true, Token);

    private static async Task<List<string>> ReadAllAsync(WebSocket socket)
    {
        var said = await ReadAsync(socket, int.MaxValue);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Token);
        return said;
    }

    /// <summary>Messages as <c>channel:text</c>, one character a byte; in base64 the channel is a digit already.</summary>
    private static async Task<List<string>> ReadAsync(WebSocket socket, int count)
    {
        var said = new List<string>();
        var buffer = new byte[4096];
        while (said.Count < count && await socket.ReceiveAsync(buffer.AsMemory(), Token) is { MessageType: not WebSocketMessageType.Close } received)
        {
            var channel = received.MessageType == WebSocketMessageType.Text ? buffer[0] - '0' : buffer[0];
            said.Add($"{channel}:{Encoding.Latin1.GetString(buffer, 1, received.Count - 1)}");
        }

        return said;
    }
}
