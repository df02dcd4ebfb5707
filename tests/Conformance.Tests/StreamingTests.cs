using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

using k8s;

namespace MiniKube.Conformance.Tests;

/// <summary>exec, attach, cp, port-forward and logs of a pod on real Docker: kubectl in the versions that differ in what they speak, and two other clients.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class StreamingTests(StreamingPod pod) : IClassFixture<StreamingPod>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>SPDY offering v4; SPDY offering v5; WebSocket; both again in the newest.</summary>
    public static TheoryData<string> Clients => ["1.20", "1.29", Versions.Older, Versions.Newest, $"{Versions.Newest}-spdy"];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Exec_PassesOutputErrorsInputAndExitCode(string client)
    {
        var result = await pod.TryAsync(client, """
            k exec box -- sh -c 'echo out; echo err >&2'
            printf 'to the end' | k exec -i box -- cat; echo
            head -c 300000 /dev/urandom >random; k exec -i box -- cat <random | cmp - random && echo same
            k exec box -- nosuch; echo "code $?"
            k exec box -c other -- true; echo "code $?"
            k exec box -- sh -c 'exit 42'
            """);

        Assert.Equal(42, result.ExitCode);
        Assert.Equal("out\nto the end\nsame\ncode 1\ncode 1\n", result.Output);
        Assert.StartsWith("err\nerror: Internal error occurred: error executing command in container: ", result.Error, StringComparison.Ordinal);
        Assert.Matches("exec: \"nosuch\": executable file not found in \\$PATH", result.Error);
        Assert.Contains("container other is not valid for pod box\n", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("command terminated with exit code 42\n", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Exec_WithATerminal_HasItsSize(string client)
    {
        var result = await pod.TryAsync(client, """
            (sleep 2; echo 'tty; stty size; exit 5') | script -qec 'stty rows 33 cols 77; k exec -it box -- sh' /dev/null
            """);

        Assert.Equal(5, result.ExitCode);
        Assert.Matches(@"/dev/pts/\d+\r\n33 77\r\n", result.Output);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Attach_AndRun_JoinAContainersOwnProcess(string client)
    {
        var name = client.Replace(".", "-", StringComparison.Ordinal);
        var output = await pod.RunAsync(client, $"""
            mkfifo input-{name}; exec 9<>input-{name}; echo one-{name} >&9
            timeout 60 k attach -i reader <&9 >output-{name} 2>/dev/null & attached=$!
            for i in $(seq 600); do grep -q one-{name} output-{name} && break; sleep 0.1; done
            kill $attached; exec 9>&-
            echo hello | k run run-{name} --image=busybox:1.36 --restart=Never -i --rm -- cat 2>/dev/null
            """);

        Assert.Contains("hello\n", output, StringComparison.Ordinal);
        Assert.Contains($"got one-{name}\n", await pod.RunAsync(client, "k logs reader"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task PortForward_ServesConnectionsOneAfterAnotherAndAtOnce(string client)
    {
        var output = await pod.RunAsync(client, """
            rm -f forward; k port-forward pod/box :8081 >forward 2>&1 &
            for i in $(seq 100); do grep -q 'Forwarding from 127' forward && break; sleep 0.1; done
            url=http://$(sed -n 's/.*from \(127[^ ]*\) .*/\1/p' forward)
            for i in 1 2 3; do busybox wget -q -O - $url/group; done
            for i in 1 2 3 4 5 6 7 8; do busybox wget -q -O - $url/passwd & pids="$pids $!"; done
            wait $pids
            kill %1
            """);

        Assert.Equal(string.Concat(Enumerable.Repeat("root:x:0:\n", 3)) + string.Concat(Enumerable.Repeat("root:x:0:0:root:/root:/bin/sh\n", 8)), output);
    }

    [Fact]
    public async Task PortForward_ToAPortWhereNobodyListens_SaysSo()
    {
        var output = await pod.RunAsync(Versions.Newest, """
            rm -f refused; k port-forward pod/box :9 >refused 2>&1 &
            for i in $(seq 100); do grep -q 'Forwarding from 127' refused && break; sleep 0.1; done
            exec 3<>/dev/tcp/127.0.0.1/$(sed -n 's/.*from 127.0.0.1:\([0-9]*\) .*/\1/p' refused); timeout 20 cat <&3
            for i in $(seq 100); do grep -q 'error forwarding' refused && break; sleep 0.1; done
            kill %1
            cat refused
            """);

        Assert.Matches("error forwarding port 9 to pod box, uid [-0-9a-f]+: failed to connect to localhost:9 inside namespace .*dial tcp 127.0.0.1:9: connect: connection refused", output);
    }

    [Theory]
    [InlineData("1.20")]
    [InlineData("1.29")]
    [InlineData(Versions.Older)]
    [InlineData(Versions.Newest)]
    public async Task Logs_AreCutAsAsked(string client)
    {
        var output = await pod.RunAsync(client, """
            k logs box
            k logs box --limit-bytes=3; echo
            k logs box --tail=0
            k logs box --since-time=2200-01-01T00:00:00Z
            k logs box --timestamps | sed 's/^20[-0-9T:.]*Z /time /'
            k logs box --previous 2>&1 || true
            k logs nosuch 2>&1 || true
            """);

        Assert.Equal(
            "started\nsta\ntime started\n"
            + "Error from server (BadRequest): previous terminated container \"main\" in pod \"box\" not found\n"
            + "Error from server (NotFound): pods \"nosuch\" not found\n",
            output.Replace("error: error from server (NotFound): pods \"nosuch\" not found in namespace", "", StringComparison.Ordinal)
                .Replace($" \"{pod.Namespace}\"\n", "Error from server (NotFound): pods \"nosuch\" not found\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.20")]
    [InlineData(Versions.Newest)]
    public async Task Cp_OfAHundredMegabytes_ChangesNothingAndTakesConstantMemory(string client)
    {
        await pod.RunAsync(client, "head -c 104857600 /dev/urandom >big; sha256sum big >sum; k cp big box:/tmp/warm; k exec box -- rm /tmp/warm");
        var before = (Server: await pod.ResidentAsync("controlplane"), Kubelet: await pod.ResidentAsync("kubelet"));

        var output = await pod.RunAsync(client, """
            s=$(date +%s%N); k cp big box:/tmp/big; m=$(date +%s%N); k cp box:/tmp/big back >/dev/null; e=$(date +%s%N)
            k exec box -- sha256sum /tmp/big | cmp - <(sed 's,big,/tmp/big,' sum) && sed 's/big/back/' sum | sha256sum -c >&2 && echo same
            echo "in $((100000000000 / (m - s))) MB/s, out $((100000000000 / (e - m))) MB/s"
            k exec box -- rm /tmp/big; rm back big
            """);

        var after = (Server: await pod.ResidentAsync("controlplane"), Kubelet: await pod.ResidentAsync("kubelet"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{client}: {output}; KiB before {before}, after {after}");
        Assert.StartsWith("same\n", output, StringComparison.Ordinal);

        // What goes through is 200 MB.
        Assert.InRange(after.Server - before.Server, long.MinValue, 40 * 1024);
        Assert.InRange(after.Kubelet - before.Kubelet, long.MinValue, 40 * 1024);
    }

    [Theory]
    [InlineData("1.20")]
    [InlineData(Versions.Newest)]
    public async Task Exec_WhoseClientIsKilled_LeavesNoProcess(string client)
    {
        var output = await pod.RunAsync(client, """
            k exec box -- sh -c 'sleep 4321; true' & client=$!
            (sleep 60 | k exec -i box -- sh -c 'cat; sleep 4322') & other=$!
            count() { k exec box -- ps | grep -c '[s]leep 432[12]' || true; }
            for i in $(seq 50); do [ "$(count)" -ge 3 ] && break; sleep 0.1; done
            count
            kill -9 $client $(pgrep -P $other)
            for i in $(seq 50); do [ "$(count)" = 0 ] && break; sleep 0.1; done
            k exec box -- ps >&2
            count
            """);

        Assert.EndsWith("\n0\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("0\n0\n", "\n" + output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_ReachesPodsServicesAndTheKubelet()
    {
        var output = await pod.RunAsync(Versions.Newest, """
            k run web --image=mk/echo:1 --port=8080 --expose >/dev/null
            k wait --for=condition=Ready pod/web >/dev/null
            base=/api/v1/namespaces/$NS
            for i in $(seq 100); do k get --raw $base/services/web/proxy/ 2>/dev/null && break; sleep 0.1; done
            k get --raw $base/services/http:web:8080/proxy/
            k get --raw $base/pods/web/proxy/
            k get --raw $base/pods/web:8080/proxy/
            k get --raw /api/v1/nodes/node1/proxy/pods | grep -c PodList
            k get --raw $base/services/web:81/proxy/ 2>&1
            k get --raw $base/pods/web:9/proxy/ 2>&1
            k get --raw /api/v1/nodes/node1/proxy/stats/summary | grep -c '"nodeName":"node1"'
            k get --raw /api/v1/nodes/node1/proxy/nosuch 2>&1
            true
            """);

        Assert.Matches(
            "^(web\n){4}1\nError from server \\(ServiceUnavailable\\): no service port 81 found for service \"web\"\n"
            + "Error from server \\(ServiceUnavailable\\): error trying to reach service: dial tcp [0-9.]+:9: connect: connection refused\n1\nError from server \\(NotFound\\)",
            output);
    }

    [Fact]
    public async Task JavaScriptClient_Streams() => (await pod.Cluster.JavaScript.RunAsync("streaming.mjs", pod.Namespace)).EnsureSuccess();

    [Fact]
    public async Task CSharpClient_Exec_GivesStreamsAndExitCode()
    {
        using var client = pod.CreateClient();
        var said = ("", "");

        var code = await client.NamespacedPodExecAsync(
            "box",
            pod.Namespace,
            "main",
            ["sh", "-c", "echo out; echo err >&2; exit 3"],
            tty: false,
            async (_, output, error) => said = (await new StreamReader(output).ReadToEndAsync(Cancellation), await new StreamReader(error).ReadToEndAsync(Cancellation)),
            Cancellation);

        Assert.Equal((3, ("out\n", "err\n")), (code, said));
    }

    [Fact]
    public async Task CSharpClient_WithoutASubProtocol_SpeaksTheFirstVersion()
    {
        using var client = pod.CreateClient();
        using var socket = await client.WebSocketNamespacedPodExecAsync("box", pod.Namespace, ["echo", "hello"], "main", tty: false, webSocketSubProtocol: null, cancellationToken: Cancellation);

        var said = new List<byte>();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), Cancellation) is { MessageType: not WebSocketMessageType.Close } received)
        {
            Assert.True(buffer[0] == 1, Encoding.UTF8.GetString(buffer, 0, received.Count));
            said.AddRange(buffer[1..received.Count]);
        }

        Assert.Null(socket.SubProtocol);
        Assert.Equal("hello\n", Encoding.UTF8.GetString([.. said]));
    }

    [Fact]
    public async Task CSharpClient_PortForward_PassesBytesBothWays()
    {
        using var client = pod.CreateClient();
        using var socket = await client.WebSocketNamespacedPodPortForwardAsync("box", pod.Namespace, [8081], WebSocketProtocol.V4BinaryWebsocketProtocol, cancellationToken: Cancellation);
        using var demuxer = new StreamDemuxer(socket, StreamType.PortForward);
        demuxer.Start();
        await using var stream = demuxer.GetStream((byte?)0, (byte?)0);

        await stream.WriteAsync("GET /group HTTP/1.0\r\n\r\n"u8.ToArray(), Cancellation);
        var answer = await new StreamReader(stream).ReadToEndAsync(Cancellation);

        Assert.EndsWith("\r\n\r\nroot:x:0:\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FiftyStreams_AtOnce_EachGetTheirOwnBytesBack()
    {
        using var client = pod.CreateClient();
        var streams = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.WebSocketNamespacedPodExecAsync(
            "box", pod.Namespace, ["head", "-c", "100000"], "main", stderr: false, tty: false, webSocketSubProtocol: WebSocketProtocol.V4BinaryWebsocketProtocol, cancellationToken: Cancellation)));

        await Task.WhenAll(streams.Select(async socket =>
        {
            using (socket)
            {
                var sent = RandomNumberGenerator.GetBytes(100_000);
                await socket.SendAsync(new ArraySegment<byte>([0, .. sent]), WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
                Assert.Equal(SHA256.HashData(sent), SHA256.HashData(await ReadOutputAsync(socket)));
            }
        }));
    }

    private static async Task<byte[]> ReadOutputAsync(WebSocket socket)
    {
        using var output = new MemoryStream();
        var buffer = new byte[64 * 1024];
        var (channel, isStart) = (0, true);
        while (await socket.ReceiveAsync(buffer.AsMemory(), Cancellation) is { MessageType: not WebSocketMessageType.Close } received)
        {
            channel = isStart ? buffer[0] : channel;
            if (channel == 1)
            {
                output.Write(buffer, isStart ? 1 : 0, received.Count - (isStart ? 1 : 0));
            }

            isStart = received.EndOfMessage;
        }

        return output.ToArray();
    }
}
