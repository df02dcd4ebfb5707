namespace MiniKube.Kubelet.Streaming.Spdy;

/// <summary>The control frames of SPDY/3.1 by their numbers.</summary>
internal enum SpdyFrameType
{
    SynStream = 1,
    SynReply = 2,
    RstStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    Headers = 8,
    WindowUpdate = 9,
}
