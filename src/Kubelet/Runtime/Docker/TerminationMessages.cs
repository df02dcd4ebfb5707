using System.Text;

using Docker.DotNet.Models;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>What a container left as its last words: in its message file or, after an error if the pod says so, the end of its log.</summary>
internal static class TerminationMessages
{
    // Upstream's limits.
    private const int LongestMessage = 4096;
    private const int LongestFallback = 2048;
    private const int FallbackLines = 80;

    public static async Task<string> ReadAsync(RuntimeContainer container, ContainerInspectResponse inspected, DockerLogs logs, CancellationToken cancellationToken)
    {
        if (container.Message.Length > 0)
        {
            return container.Message;
        }

        var labels = inspected.Config?.Labels;
        var message = await ReadFileAsync(DockerLabels.Get(labels, DockerLabels.TerminationMessagePath), cancellationToken);
        return message.Length == 0 && container.ExitCode != 0 && DockerLabels.Get(labels, DockerLabels.TerminationMessagePolicy) == DockerLabels.FallbackToLogs
            ? await ReadLogAsync(container.Id, logs, cancellationToken)
            : message;
    }

    private static async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        if (path.Length == 0 || !File.Exists(path))
        {
            return "";
        }

        await using var file = File.OpenRead(path);
        var buffer = new byte[LongestMessage];
        var count = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }

    private static async Task<string> ReadLogAsync(string id, DockerLogs logs, CancellationToken cancellationToken)
    {
        using var log = new MemoryStream();
        await logs.CopyEndedAsync(id, new LogOptions { TailLines = FallbackLines }, log, cancellationToken);
        var start = (int)Math.Max(0, log.Length - LongestFallback);
        return Encoding.UTF8.GetString(log.GetBuffer(), start, (int)log.Length - start);
    }
}
