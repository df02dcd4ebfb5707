namespace MiniKube.Kubelet.Streaming.Spdy;

/// <summary>A stream that the client has opened, and what it says it is for.</summary>
internal sealed record SpdyStreamRequest(ChannelStream Stream, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>error, stdin, stdout, stderr, resize or data.</summary>
    public string Type => Headers.GetValueOrDefault("streamtype", "");
}
