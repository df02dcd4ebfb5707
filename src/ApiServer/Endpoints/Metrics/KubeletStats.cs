using System.Net;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Streaming;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Metrics;

/// <summary>
/// Asks kubelets what their nodes and pods use, when somebody wants to know. An answer is kept for some seconds, and so is a failure: whoever asks in that time,
/// or while a kubelet is being asked, gets the same.
/// </summary>
internal sealed partial class KubeletStats(ServedResource nodes, BackendClient kubelets, TimeProvider clock, ILogger<KubeletStats> logger)
{
    private const long LargestAnswer = 64 * 1024 * 1024;

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Reading> _readings = new(StringComparer.Ordinal);

    /// <summary>By node; those that do not answer are left out.</summary>
    public async Task<IReadOnlyDictionary<string, NodeSummary>> ReadAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var asked = names.Distinct(StringComparer.Ordinal).Select(name => (Name: name, Answer: Ask(name))).ToList();
        await Task.WhenAll(asked.Select(node => node.Answer)).WaitAsync(cancellationToken);
        var summaries = new Dictionary<string, NodeSummary>(StringComparer.Ordinal);
        foreach (var (name, answer) in asked)
        {
            if (await answer is { } summary)
            {
                summaries[name] = summary;
            }
        }

        return summaries;
    }

    private Task<NodeSummary?> Ask(string name)
    {
        lock (_lock)
        {
            var last = _readings.GetValueOrDefault(name);
            if (last is not null && (!last.Answer.IsCompleted || clock.GetElapsedTime(last.Started) < Kept))
            {
                return last.Answer;
            }

            if (nodes.Cacher.Snapshot.Objects.Find(name) is not { } node)
            {
                _readings.Remove(name);
                return Task.FromResult<NodeSummary?>(null);
            }

            ForgetDeletedNodes();
            var before = last?.TimeAsync() ?? Task.FromResult<DateTimeOffset?>(null);
            var answer = Task.Run(async () => await AskAsync(name, KubeletAddress.Of(ObjectCodec.Parse(node.Json.Span)), await before));
            _readings[name] = new Reading(clock.GetTimestamp(), answer, before);
            return answer;
        }
    }

    // A node that is gone is asked for no more.
    private void ForgetDeletedNodes()
    {
        var objects = nodes.Cacher.Snapshot.Objects;
        if (_readings.Count > objects.Count)
        {
            foreach (var name in _readings.Keys.Where(name => objects.Find(name) is null).ToList())
            {
                _readings.Remove(name);
            }
        }
    }

    private async Task<NodeSummary?> AskAsync(string name, KubeletAddress? address, DateTimeOffset? before)
    {
        if (address is null)
        {
            Log.Failed(logger, name, "it has no address");
            return null;
        }

        using var limit = new CancellationTokenSource(AnswerLimit, clock);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, address.Path("/stats/summary?only_cpu_and_memory=true"));
            using var answer = await kubelets.SendAsync(message, limit.Token);
            await answer.Content.LoadIntoBufferAsync(LargestAnswer, limit.Token);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                Log.Failed(logger, name, $"its kubelet answered with the status {(int)answer.StatusCode}");
                return null;
            }

            return NodeSummary.Read(JsonCodec.Parse(await answer.Content.ReadAsByteArrayAsync(limit.Token)), before);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or DecodeException or OperationCanceledException)
        {
            Log.Failed(logger, name, error.Message);
            return null;
        }
    }

    /// <param name="Started">When the kubelet was asked.</param>
    /// <param name="Answer">What it answered; null when it failed.</param>
    /// <param name="Before">When it had measured its node before that; null when that is not known.</param>
    private sealed record Reading(long Started, Task<NodeSummary?> Answer, Task<DateTimeOffset?> Before)
    {
        public async Task<DateTimeOffset?> TimeAsync() => (await Answer)?.Node?.Time ?? await Before;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What the node {Node} uses is not known: {Reason}")]
        public static partial void Failed(ILogger logger, string node, string reason);
    }
}
