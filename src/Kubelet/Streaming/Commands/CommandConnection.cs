using System.Text;

using k8s.Models;

using MiniKube.Api.Errors;

namespace MiniKube.Kubelet.Streaming.Commands;

/// <summary>A client that is joined with one process.</summary>
internal sealed class CommandConnection : IAsyncDisposable
{
    private readonly IChannelConnection _connection;
    private readonly ChannelStream _error;
    private readonly IReadOnlyList<ChannelStream> _others;
    private readonly bool _hasStatus;

    /// <param name="connection">Closed with this.</param>
    /// <param name="channels">The channels that the client asked for, by name: error (always), stdin, stdout, stderr, resize.</param>
    /// <param name="hasStatus">Whether the protocol tells of the end as a Status in JSON, or as text and only if it failed (before v4).</param>
    public CommandConnection(IChannelConnection connection, IReadOnlyDictionary<string, ChannelStream> channels, bool hasStatus)
    {
        _connection = connection;
        _hasStatus = hasStatus;
        _error = channels["error"];
        _others = [.. channels.Values.Where(channel => channel != _error)];
        var stdin = channels.GetValueOrDefault("stdin");
        var resize = channels.GetValueOrDefault("resize");
        foreach (var output in channels.Values.Where(channel => channel != stdin && channel != resize))
        {
            output.Ignore();
        }

        Streams = new CommandStreams(
            stdin,
            channels.GetValueOrDefault("stdout"),
            channels.GetValueOrDefault("stderr"),
            resize is null ? null : TerminalSize.ReadAllAsync(resize, connection.Lost));
    }

    public CommandStreams Streams { get; }

    /// <summary>Cancelled when the client has gone.</summary>
    public CancellationToken Lost => _connection.Lost;

    /// <summary>Tells how the process ended, after all that it said.</summary>
    public async Task FinishAsync(V1Status status, CancellationToken cancellationToken)
    {
        foreach (var channel in _others)
        {
            await channel.EndAsync(cancellationToken);
        }

        if (Describe(status) is { Length: > 0 } text)
        {
            await _error.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        }

        await _error.EndAsync(cancellationToken);
        await _connection.CloseAsync();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // Upstream's Status has neither kind nor version here.
    private string Describe(V1Status status)
    {
        if (!_hasStatus)
        {
            return status.Status == "Success" ? "" : status.Message ?? "";
        }

        var json = StatusDocument.ToJson(status);
        json.Remove("kind");
        json.Remove("apiVersion");
        return json.ToJsonString();
    }
}
