using System.Buffers;
using System.IO.Pipelines;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>Events one after the other in the body. How they are told apart is the writer's affair.</summary>
internal sealed class BodyWatchOutput(PipeWriter output) : IWatchOutput
{
    private const int FlushFrom = 64 * 1024;

    public bool IsLarge => output.CanGetUnflushedBytes && output.UnflushedBytes >= FlushFrom;

    public void Write(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    public void EndEvent()
    {
        // The body is one stream.
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);
}
