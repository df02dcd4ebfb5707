using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.Api.Serialization.Protobuf;

namespace MiniKube.ApiServer.Tests;

[Collection(ServerCollection.Name)]
public sealed class WatchFormTests(ServerFixture fixture)
{
    private const string Protobuf = "application/vnd.kubernetes.protobuf";

    [Theory]
    [InlineData(Protobuf + ";stream=watch", "ConfigMap")]
    [InlineData(Protobuf + ",application/json", "ConfigMap")]
    [InlineData(Protobuf + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1", "PartialObjectMetadata")]
    public async Task Watch_Protobuf_IsFramedByLength(string accept, string kind)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        using var request = new HttpRequestMessage(
            HttpMethod.Get, client.Core("configmaps?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"));
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        Assert.Equal($"{Protobuf}; stream=watch", response.Content.Headers.ContentType?.ToString());
        var added = await ReadFrameAsync(stream);
        Assert.Equal("ADDED", added.Type);
        Assert.Equal(kind, added.Object.StringAt("kind"));
        Assert.Equal("a", added.Object.StringAt("metadata", "name"));
        var bookmark = await ReadFrameAsync(stream);
        Assert.Equal("BOOKMARK", bookmark.Type);
        Assert.Equal("true", bookmark.Object.StringAt("metadata", "annotations", "k8s.io/initial-events-end"));
    }

    [Theory]
    [InlineData("", WebSocketMessageType.Text)]
    [InlineData(Protobuf, WebSocketMessageType.Binary)]
    public async Task Watch_WebSocket_IsAMessageAnEvent(string accept, WebSocketMessageType type)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");
        using var socket = await ConnectAsync(client.Core("configmaps?watch=1"), accept);

        var first = await ReceiveAsync(socket);
        await client.CreateConfigMapAsync("b");
        var second = await ReceiveAsync(socket);

        Assert.Equal(type, first.Type);
        Assert.Equal("ADDED a", Describe(first));
        Assert.Equal("ADDED b", Describe(second));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Watch_WebSocketTimeout_ClosesInGoodOrder()
    {
        var client = await fixture.CreateNamespaceAsync();
        using var socket = await ConnectAsync(client.Core("configmaps?watch=1&timeoutSeconds=1"), "");

        var end = await ReceiveAsync(socket);

        Assert.Equal(WebSocketMessageType.Close, end.Type);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    private async Task<ClientWebSocket> ConnectAsync(string path, string accept)
    {
        var socket = fixture.Server.CreateWebSocket();
        if (accept.Length > 0)
        {
            socket.Options.SetRequestHeader("Accept", accept);
        }

        await socket.ConnectAsync(new Uri($"wss://127.0.0.1:{fixture.Server.Address.Port}{path}"), TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<(WebSocketMessageType Type, byte[] Body)> ReceiveAsync(ClientWebSocket socket)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var body = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            body.Write(buffer, 0, result.Count);
            if (result.EndOfMessage)
            {
                return (result.MessageType, body.ToArray());
            }
        }
    }

    private static string Describe((WebSocketMessageType Type, byte[] Body) message)
    {
        if (message.Type == WebSocketMessageType.Text)
        {
            var json = JsonNode.Parse(message.Body) as JsonObject;
            return $"{json.StringAt("type")} {json.StringAt("object", "metadata", "name")}";
        }

        var (type, obj) = ReadEvent(message.Body);
        return $"{type} {obj.StringAt("metadata", "name")}";
    }

    private static async Task<(string Type, JsonObject Object)> ReadFrameAsync(Stream stream)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, patience.Token);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(message, patience.Token);
        return ReadEvent(message);
    }

    // metav1.WatchEvent { string type = 1; RawExtension object = 2 { bytes raw = 1 } }
    private static (string Type, JsonObject Object) ReadEvent(byte[] message)
    {
        var (type, obj) = ("", new JsonObject());
        var reader = new WireReader(message);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == 1)
            {
                type = reader.ReadString();
            }
            else
            {
                var raw = new WireReader(reader.ReadBytes());
                Assert.True(raw.TryReadTag());
                Assert.Equal(1, raw.FieldNumber);
                obj = ProtobufCodec.Decode(raw.ReadBytes()).Object;
            }
        }

        return (type, obj);
    }
}
