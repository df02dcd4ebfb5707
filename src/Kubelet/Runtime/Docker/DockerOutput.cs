using System.Buffers;
using System.Text;

using Docker.DotNet;

using MiniKube.Kubelet.Streaming.Commands;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>Passes on what a process writes. Output that begins with <paramref name="heldBack"/> may be the engine's complaint: it is held until somebody knows.</summary>
internal sealed class DockerOutput(CommandStreams streams, string heldBack)
{
    public const int BufferSize = 32 * 1024;

    // A complaint is a line; what goes on is a command's own output.
    private const int LongestHeld = 4 * 1024;

    private readonly byte[] _heldBack = Encoding.ASCII.GetBytes(heldBack);
    private ArrayBufferWriter<byte>? _held;

    /// <summary>What is held back; null if nothing is.</summary>
    public ReadOnlyMemory<byte>? Held => _held?.WrittenMemory;

    /// <summary>Reads to the end.</summary>
    public async Task CopyAsync(MultiplexedStream process, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var isFirst = _heldBack.Length > 0;
        while (await process.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken) is { EOF: false } read)
        {
            var data = buffer.AsMemory(0, read.Count);
            if (isFirst && data.Span.StartsWith(_heldBack))
            {
                _held = new ArrayBufferWriter<byte>();
            }

            isFirst = false;
            if (_held is not null && read.Target != MultiplexedStream.TargetStream.StandardError)
            {
                _held.Write(data.Span);
                if (_held.WrittenCount > LongestHeld)
                {
                    await FlushAsync(cancellationToken);
                }

                continue;
            }

            var target = read.Target == MultiplexedStream.TargetStream.StandardError ? streams.Stderr : streams.Stdout;
            if (target is not null)
            {
                await target.WriteAsync(data, cancellationToken);
            }
        }
    }

    /// <summary>It was the command's own: passes on what is held back.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_held is not null && streams.Stdout is not null)
        {
            await streams.Stdout.WriteAsync(_held.WrittenMemory, cancellationToken);
        }

        _held = null;
    }
}
