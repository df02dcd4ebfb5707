using System.IO.Pipelines;

namespace MiniKube.Kubelet.Streaming;

/// <summary>
/// One channel of a connection that carries several. What comes in is held in a small buffer; when that is full the connection's reader waits, and with it the
/// client: so any amount goes through constant memory.
/// </summary>
internal sealed class ChannelStream : Stream
{
    private const int BufferSize = 64 * 1024;

    private readonly Pipe _incoming = new(new PipeOptions(pauseWriterThreshold: BufferSize, resumeWriterThreshold: BufferSize / 2, useSynchronizationContext: false));
    private readonly Stream _reader;
    private readonly IChannelSender _sender;

    public ChannelStream(int id, IChannelSender sender)
    {
        Id = id;
        _sender = sender;
        _reader = _incoming.Reader.AsStream();
    }

    public int Id { get; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Where the connection puts what comes in; completed when the client says that nothing more does.</summary>
    public PipeWriter Incoming => _incoming.Writer;

    /// <summary>What still comes in is thrown away.</summary>
    public void Ignore() => _incoming.Reader.Complete();

    /// <summary>Tells the client that nothing more comes from here.</summary>
    public ValueTask EndAsync(CancellationToken cancellationToken) => _sender.EndAsync(Id, cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _reader.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _reader.ReadAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _sender.SendAsync(Id, buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
