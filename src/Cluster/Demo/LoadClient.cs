using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Cluster.Demo;

/// <summary>
/// Creates, updates and deletes a few ConfigMaps of its own, reads those of others, and lists. A request that fails is a failed request of a client without retry; this one tries again, on a
/// new connection, until it is answered or has waited for too long.
/// </summary>
internal sealed class LoadClient(int number, int clients, LoadServer server, ConcurrentQueue<Attempt> attempts, Random random, TimeProvider clock, long start)
{
    private const int Objects = 8;

    /// <summary>A client that retries gives up after this time: longer than anything that the cluster should take to help itself.</summary>
    private static readonly TimeSpan Perseverance = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    /// <summary>What each of its objects holds: null when it is absent. More than one value where a write was not answered.</summary>
    private readonly Dictionary<string, List<string?>> _possible = [];

    /// <summary>Creates without an answer: a server that was paused may do them long after. Updates and deletions name a version, and fail then.</summary>
    private readonly Dictionary<string, List<string?>> _late = [];

    private readonly Dictionary<string, long> _versions = [];
    private HttpClient? _connection;
    private int _writes;

    /// <summary>Operations that failed however often they were tried.</summary>
    public int Abandoned { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await (random.Next(10) switch
            {
                0 => PersistAsync(AttemptKind.List, "", stop),
                1 or 2 or 3 => PersistAsync(AttemptKind.Read, NameOf(random.Next(clients), random.Next(Objects)), stop),
                _ => WriteAsync(NameOf(number, random.Next(Objects)), stop),
            });
            await Task.Delay(Pause, clock, CancellationToken.None);
        }

        _connection?.Dispose();
    }

    /// <summary>The objects that do not hold what this client was told, by what is stored at the end.</summary>
    public IEnumerable<string> FindLost(IReadOnlyDictionary<string, string> stored) =>
        from own in _possible
        where !own.Value.Contains(stored.GetValueOrDefault(own.Key))
        select $"{own.Key} holds {stored.GetValueOrDefault(own.Key) ?? "nothing"} and not {string.Join(" or ", own.Value.Select(value => value ?? "nothing"))}";

    private static string NameOf(int client, int key) => string.Create(CultureInfo.InvariantCulture, $"object-{client}-{key}");

    private async Task WriteAsync(string key, CancellationToken stop)
    {
        var version = _versions.GetValueOrDefault(key);
        var kind = version == 0 ? AttemptKind.Create : random.Next(5) == 0 ? AttemptKind.Delete : AttemptKind.Update;
        var attempt = await PersistAsync(kind, key, stop);
        if (attempt.Outcome != AttemptOutcome.Ok)
        {
            // An earlier try was done though it was not answered, or nobody knows: it is looked up.
            await PersistAsync(AttemptKind.Read, key, stop);
        }
    }

    private async Task<Attempt> PersistAsync(AttemptKind kind, string key, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var attempt = await TryAsync(kind, key);
            attempts.Enqueue(attempt);
            Remember(attempt);
            if (attempt.IsAnswered || stop.IsCancellationRequested)
            {
                return attempt;
            }

            if (clock.GetElapsedTime(began) > Perseverance)
            {
                Abandoned++;
                return attempt;
            }

            await Task.Delay(RetryPause, clock, CancellationToken.None);
        }
    }

    private void Remember(Attempt attempt)
    {
        if (attempt.Kind == AttemptKind.List || !attempt.Key.StartsWith($"object-{number}-", StringComparison.Ordinal))
        {
            return;
        }

        var (key, value) = (attempt.Key, attempt.Value);
        if (!attempt.IsAnswered && attempt.Kind != AttemptKind.Read)
        {
            Values(_possible, key, [null]).Add(value);
            if (attempt.Kind == AttemptKind.Create)
            {
                Values(_late, key).Add(value);
            }
        }
        else if (attempt.Kind == AttemptKind.Read && attempt.Outcome is AttemptOutcome.Ok or AttemptOutcome.NotFound)
        {
            // A write that nobody answered may still be on its way.
            Values(_possible, key, [null]).Add(value);
            _versions[key] = attempt.VersionOut;
        }
        else if (attempt.Outcome == AttemptOutcome.Ok)
        {
            _possible[key] = [value, .. Values(_late, key)];
            _versions[key] = attempt.VersionOut;
        }
    }

    private static List<string?> Values(Dictionary<string, List<string?>> all, string key, params string?[] otherwise)
    {
        if (!all.TryGetValue(key, out var values))
        {
            all[key] = values = [.. otherwise];
        }

        return values;
    }

    private async Task<Attempt> TryAsync(AttemptKind kind, string key)
    {
        var version = kind is AttemptKind.Update or AttemptKind.Delete ? _versions.GetValueOrDefault(key) : 0;
        var value = kind is AttemptKind.Create or AttemptKind.Update ? string.Create(CultureInfo.InvariantCulture, $"{number}-{++_writes}") : null;
        var call = clock.GetElapsedTime(start);
        var (status, answer) = await SendAsync(kind, key, value, version);
        var outcome = OutcomeOf(kind, status, answer);
        if (kind == AttemptKind.Read && outcome == AttemptOutcome.Ok)
        {
            value = answer.StringAt("data", "v");
        }

        return new Attempt(
            number, kind, key, value, version, outcome == AttemptOutcome.Ok && kind != AttemptKind.Delete ? VersionOf(answer) : 0, call, clock.GetElapsedTime(start), outcome);
    }

    private static long VersionOf(JsonNode? obj) =>
        long.TryParse(obj.StringAt("metadata", "resourceVersion"), CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static AttemptOutcome OutcomeOf(AttemptKind kind, HttpStatusCode? status, JsonNode? answer) => status switch
    {
        HttpStatusCode.OK or HttpStatusCode.Created => AttemptOutcome.Ok,
        HttpStatusCode.NotFound => AttemptOutcome.NotFound,
        HttpStatusCode.Conflict when kind == AttemptKind.Create && answer.StringAt("reason") == "AlreadyExists" => AttemptOutcome.Exists,
        HttpStatusCode.Conflict => AttemptOutcome.Conflict,
        _ => AttemptOutcome.Unknown,
    };

    /// <summary>No status when there was no answer; the next try takes a new connection then.</summary>
    private async Task<(HttpStatusCode? Status, JsonNode? Body)> SendAsync(AttemptKind kind, string key, string? value, long version)
    {
        _connection ??= server.Connect();
        using var patience = new CancellationTokenSource(server.Patience, clock);
        using var request = Request(kind, key, value, version);
        try
        {
            using var response = await _connection.SendAsync(request, patience.Token);
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(patience.Token)));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException or System.Text.Json.JsonException)
        {
            _connection.Dispose();
            _connection = null;
            return (null, null);
        }
    }

    private HttpRequestMessage Request(AttemptKind kind, string key, string? value, long version)
    {
        var named = version == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\"resourceVersion\":\"{version}\"");
        var (method, path, body) = kind switch
        {
            AttemptKind.Create => (HttpMethod.Post, server.ConfigMaps, $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{key}}}"},"data":{"v":"{{{value}}}"}}"""),
            AttemptKind.Update => (HttpMethod.Put, $"{server.ConfigMaps}/{key}", $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{key}}}",{{{named}}}},"data":{"v":"{{{value}}}"}}"""),
            AttemptKind.Delete => (HttpMethod.Delete, $"{server.ConfigMaps}/{key}", $$$"""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{{{{named}}}}}"""),
            AttemptKind.List => (HttpMethod.Get, $"{server.ConfigMaps}?resourceVersion=0", null),
            _ => (HttpMethod.Get, $"{server.ConfigMaps}/{key}", (string?)null),
        };
        return new HttpRequestMessage(method, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")),
        };
    }
}
