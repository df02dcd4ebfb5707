using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Faults.Tests.Histories;

namespace MiniKube.Faults.Tests.Load;

/// <summary>Creates, updates, deletes and reads a few ConfigMaps at any API server, and writes down what it asked and was told.</summary>
internal sealed class Writer(int number, IReadOnlyList<HttpClient> servers, History history, Random random, TimeProvider clock)
{
    public const string Namespace = "faults";
    private const int Objects = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private int _writes;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var key = $"object-{random.Next(Objects)}";
            var read = await ReadAsync(key);
            switch (read)
            {
                case { Outcome: Outcome.NotFound }:
                    await WriteAsync(key, OperationKind.Create, 0);
                    break;
                case { Outcome: Outcome.Ok } when random.Next(5) == 0:
                    await WriteAsync(key, OperationKind.Delete, random.Next(2) == 0 ? read.VersionOut : 0);
                    break;
                case { Outcome: Outcome.Ok }:
                    await WriteAsync(key, OperationKind.Update, read.VersionOut);
                    break;
                default:
                    // Nobody answers: not in a busy loop.
                    await Task.Delay(Pause, clock, CancellationToken.None);
                    break;
            }
        }
    }

    private async Task<Operation> ReadAsync(string key)
    {
        var call = clock.GetTimestamp();
        var (status, body) = await SendAsync(HttpMethod.Get, key, null);
        var (outcome, value, version) = status switch
        {
            HttpStatusCode.OK => (Outcome.Ok, body!["data"]!["v"]!.GetValue<string>(), VersionOf(body)),
            HttpStatusCode.NotFound => (Outcome.NotFound, null, 0L),
            _ => (Outcome.Unknown, (string?)null, 0L),
        };
        return Record(key, OperationKind.Read, value, 0, version, call, outcome);
    }

    private Task<Operation> WriteAsync(string key, OperationKind kind, long version) => kind switch
    {
        OperationKind.Create => WriteAsync(key, kind, 0, HttpMethod.Post, []),
        OperationKind.Update => WriteAsync(key, kind, version, HttpMethod.Put, new JsonObject { ["resourceVersion"] = Text(version) }),
        _ => DeleteAsync(key, version),
    };

    private async Task<Operation> WriteAsync(string key, OperationKind kind, long version, HttpMethod method, JsonObject metadata)
    {
        var value = $"{number}-{++_writes}";
        metadata["name"] = key;
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = metadata, ["data"] = new JsonObject { ["v"] = value } };
        var call = clock.GetTimestamp();
        var (status, answer) = await SendAsync(method, method == HttpMethod.Post ? "" : key, body);
        return Record(key, kind, value, version, answer is null ? 0 : VersionOf(answer), call, OutcomeOf(status, answer));
    }

    private async Task<Operation> DeleteAsync(string key, long version)
    {
        var options = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (version > 0)
        {
            options["preconditions"] = new JsonObject { ["resourceVersion"] = Text(version) };
        }

        var call = clock.GetTimestamp();
        var (status, answer) = await SendAsync(HttpMethod.Delete, key, options);
        return Record(key, OperationKind.Delete, null, version, 0, call, OutcomeOf(status, answer));
    }

    private static Outcome OutcomeOf(HttpStatusCode? status, JsonNode? answer) => status switch
    {
        HttpStatusCode.OK or HttpStatusCode.Created => Outcome.Ok,
        HttpStatusCode.NotFound => Outcome.NotFound,
        HttpStatusCode.Conflict => answer?["reason"]?.GetValue<string>() == "AlreadyExists" ? Outcome.Exists : Outcome.Conflict,
        { } code when (int)code is >= 400 and < 500 and not 408 and not 429 => throw new InvalidOperationException($"{code}: {answer?.ToJsonString()}"),
        _ => Outcome.Unknown,
    };

    private Operation Record(string key, OperationKind kind, string? value, long versionIn, long versionOut, long call, Outcome outcome)
    {
        var end = outcome == Outcome.Unknown ? long.MaxValue : clock.GetTimestamp();
        var operation = new Operation(number, key, kind, value, versionIn, versionOut, call, end, outcome);
        history.Add(operation);
        return operation;
    }

    /// <summary>No status when there was no answer.</summary>
    private async Task<(HttpStatusCode? Status, JsonNode? Body)> SendAsync(HttpMethod method, string name, JsonObject? body)
    {
        var server = servers[random.Next(servers.Count)];
        using var patience = new CancellationTokenSource(Patience, clock);
        using var request = new HttpRequestMessage(method, $"/api/v1/namespaces/{Namespace}/configmaps/{name}".TrimEnd('/'))
        {
            Version = server.DefaultRequestVersion,
            VersionPolicy = server.DefaultVersionPolicy,
            Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")),
        };
        try
        {
            using var response = await server.SendAsync(request, patience.Token);
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(patience.Token)));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            return (null, null);
        }
    }

    private static long VersionOf(JsonNode obj) =>
        long.TryParse(obj["metadata"]?["resourceVersion"]?.GetValue<string>(), CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
