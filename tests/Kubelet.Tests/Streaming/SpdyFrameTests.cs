using System.Buffers.Binary;

using MiniKube.Kubelet.Streaming.Spdy;

namespace MiniKube.Kubelet.Tests.Streaming;

/// <summary>Frames and headers against the bytes of the SPDY/3 draft.</summary>
public sealed class SpdyFrameTests
{

    [Theory]
    [InlineData("8003000100000010", true, 3, SpdyFrameType.SynStream, 0, 0, 16)]
    [InlineData("8003000601000004", true, 3, SpdyFrameType.Ping, 0, 1, 4)]
    [InlineData("8002000900ffffff", true, 2, SpdyFrameType.WindowUpdate, 0, 0, 0xFFFFFF)]
    [InlineData("0000000301000000", false, 0, (SpdyFrameType)0, 3, 1, 0)]
    [InlineData("7fffffff0000ffff", false, 0, (SpdyFrameType)0, int.MaxValue, 0, 0xFFFF)]
    internal void Header_ReadsAndWritesTheDraftsBytes(string hex, bool isControl, int version, SpdyFrameType type, int stream, byte flags, int length)
    {
        var header = SpdyFrameHeader.Parse(Convert.FromHexString(hex));

        Assert.Equal(new SpdyFrameHeader(isControl, version, type, stream, flags, length), header);
        var written = new byte[SpdyFrameHeader.Size];
        header.Write(written);
        Assert.Equal(hex, Convert.ToHexStringLower(written));
    }

    [Fact]
    public void Dictionary_HasTheChecksumThatEveryStreamNamesItBy()
    {
        var (a, b) = (1u, 0u);
        foreach (var value in SpdyDictionary.Bytes)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        Assert.Equal(1423, SpdyDictionary.Bytes.Length);
        Assert.Equal(SpdyDictionary.Checksum, (b << 16) | a);
    }

    [Fact]
    public void Headers_OfSeveralFrames_AreReadAsTheyWereWritten()
    {
        var (writer, reader) = (new SpdyHeaderWriter(), new SpdyHeaderReader());

        Assert.Empty(reader.Read(writer.Write()));
        var headers = reader.Read(writer.Write(("streamtype", "data"), ("port", "8080"), ("requestid", "ü")));

        Assert.Equal(["port=8080", "requestid=ü", "streamtype=data"], headers.Select(header => $"{header.Key}={header.Value}").Order());
        Assert.Equal("error", reader.Read(writer.Write(("streamtype", "error")))["StreamType"]);
    }

    // Made by zlib with the dictionary, flushed after each.
    [Fact]
    public void Headers_ThatZlibPacked_AreRead()
    {
        var reader = new SpdyHeaderReader();

        Assert.Equal("error", reader.Read(Convert.FromHexString("78f9e3c6a7c202a62346703a2b294a4dcc851625aca9a08006000000ffff"))["streamtype"]);
        Assert.Equal("stdout", reader.Read(Convert.FromHexString("c22a054ccc29f9a52500000000ffff"))["streamtype"]);
    }

    [Fact]
    public void HeaderBlock_EndsWithAFlush()
    {
        var writer = new SpdyHeaderWriter();

        Assert.Equal("78bbe3c6a7c2" + "000400fbff00000000" + "000000ffff", Convert.ToHexStringLower(writer.Write()));
        Assert.Equal("000400fbff00000000" + "000000ffff", Convert.ToHexStringLower(writer.Write()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("ffffffff")]
    [InlineData("7fffffff")]
    [InlineData("00000001000000ff61")]
    [InlineData("000000010000000161fffffff0")]
    public void Headers_ThatEndTooEarlyOrAreTooMany_AreRefused(string block)
    {
        var plain = Convert.FromHexString(block);
        var length = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)plain.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(length.AsSpan(2), (ushort)~plain.Length);

        Assert.Throws<SpdyException>(() => new SpdyHeaderReader().Read([0x78, 0xBB, 0xE3, 0xC6, 0xA7, 0xC2, 0, .. length, .. plain]));
    }

    [Theory]
    [InlineData("0102030405060708")]
    [InlineData("78bb00000000")]
    [InlineData("78bbe3c6a7c2ffffffffff")]
    public void Headers_ThatAreNoZlibOfThisDictionary_AreRefused(string packed) =>
        Assert.Throws<SpdyException>(() => new SpdyHeaderReader().Read(Convert.FromHexString(packed)));

    [Fact]
    public void Headers_ThatUnpackToMegabytes_AreRefusedInBoundedMemory()
    {
        // 1 KiB of a stored block, then its repetition: 64 KiB is the limit however much comes.
        using var packed = new MemoryStream();
        packed.Write([0x78, 0xBB, 0xE3, 0xC6, 0xA7, 0xC2]);
        for (var i = 0; i < 100; i++)
        {
            packed.Write([0, 0, 4, 0xFF, 0xFB]);
            packed.Write(new byte[1024]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<SpdyException>(() => new SpdyHeaderReader().Read(packed.ToArray()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }
}
