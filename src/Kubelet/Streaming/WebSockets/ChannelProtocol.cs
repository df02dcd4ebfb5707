namespace MiniKube.Kubelet.Streaming.WebSockets;

/// <summary>A sub-protocol of WebSocket for channels. Without a sub-protocol a client speaks the first of them.</summary>
/// <param name="Name">As Sec-WebSocket-Protocol has it.</param>
/// <param name="IsBase64">Messages are text.</param>
/// <param name="HasCloseSignal">The end of one channel can be said (v5).</param>
/// <param name="HasStatus">How a command ended is told as a Status in JSON, also when it went well (v4); before, as text and only when it failed.</param>
internal sealed record ChannelProtocol(string Name, bool IsBase64 = false, bool HasCloseSignal = false, bool HasStatus = false)
{
    public static readonly ChannelProtocol Unnamed = new("");

    /// <summary>For commands: upstream's kubelet knows no v2 and v3 over WebSocket.</summary>
    public static readonly IReadOnlyList<ChannelProtocol> OfCommands =
    [
        new("v5.channel.k8s.io", HasCloseSignal: true, HasStatus: true),
        new("v4.channel.k8s.io", HasStatus: true),
        new("v4.base64.channel.k8s.io", IsBase64: true, HasStatus: true),
        new("channel.k8s.io"),
        new("base64.channel.k8s.io", IsBase64: true),
    ];

    /// <summary>For forwarded ports.</summary>
    public static readonly IReadOnlyList<ChannelProtocol> OfPorts =
    [
        new("v5.channel.k8s.io", HasCloseSignal: true),
        new("v4.channel.k8s.io"),
        new("v4.base64.channel.k8s.io", IsBase64: true),
    ];
}
