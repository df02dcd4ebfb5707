namespace MiniKube.Kubelet.Streaming;

/// <summary>What a client would like its connection to become.</summary>
internal enum StreamingUpgrade
{
    None,
    Spdy,
    WebSocket,
}
