namespace MiniKube.Kubelet.Streaming.Spdy;

/// <summary>The client does not keep to SPDY/3.1, or asks for more than a client may.</summary>
internal sealed class SpdyException(string message) : Exception(message);
