using System.Globalization;

using Docker.DotNet;
using Docker.DotNet.Models;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>Containers' output, read through the engine.</summary>
internal sealed class DockerLogs(DockerConnection docker)
{
    private const int BufferSize = 64 * 1024;

    public async Task CopyAsync(string id, LogOptions options, Stream output, CancellationToken cancellationToken)
    {
        using var log = await docker.StreamAsync(client => client.Containers.GetContainerLogsAsync(id, Parameters(options), cancellationToken));
        await docker.StreamAsync(_ => CopyAsync(log, options.LimitBytes, output, cancellationToken));
    }

    /// <summary>Of a container that has ended: its log has an end, too, unless the engine hangs.</summary>
    public Task CopyEndedAsync(string id, LogOptions options, Stream output, CancellationToken cancellationToken) =>
        docker.CommandAsync((_, token) => CopyAsync(id, options, output, token), TimeSpan.Zero, cancellationToken);

    private static async Task CopyAsync(MultiplexedStream log, long? limit, Stream output, CancellationToken cancellationToken)
    {
        var left = limit ?? long.MaxValue;
        var buffer = new byte[BufferSize];
        while (left > 0 && await log.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken) is { EOF: false } read)
        {
            var count = (int)Math.Min(left, read.Count);
            await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            await output.FlushAsync(cancellationToken);
            left -= count;
        }
    }

    private static ContainerLogsParameters Parameters(LogOptions options) => new()
    {
        ShowStdout = true,
        ShowStderr = true,
        Follow = options.Follow,
        Timestamps = options.Timestamps,
        Tail = options.TailLines?.ToString(CultureInfo.InvariantCulture) ?? "all",
        Since = options.Since is { } since ? Seconds(since) : null,
    };

    // Seconds and nanoseconds since 1970.
    private static string Seconds(DateTimeOffset time)
    {
        var ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
        return string.Create(CultureInfo.InvariantCulture,
            $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick:000000000}");
    }
}
