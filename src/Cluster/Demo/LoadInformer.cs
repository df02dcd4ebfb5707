using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Cluster.Demo;

/// <summary>Lists, then watches, and goes on where it was when the connection breaks. It begins anew only when it is told that it must (410).</summary>
internal sealed class LoadInformer(int number, LoadServer server, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly List<InformerRange> _ranges = [];
    private HttpClient? _connection;
    private long _version;

    public IReadOnlyList<InformerRange> Ranges => _ranges;

    /// <summary>The newest version that it knows.</summary>
    public long Version => Volatile.Read(ref _version);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _connection ??= server.Connect();
                await (_ranges.Count == 0 ? ListAsync(_connection, stop) : WatchAsync(_connection, stop));
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException or JsonException)
            {
                // Broken, perhaps in the middle of a line: it goes on from the last whole change.
                _connection?.Dispose();
                _connection = null;
            }

            await Task.Delay(Pause, clock, CancellationToken.None);
        }

        _connection?.Dispose();
    }

    private async Task ListAsync(HttpClient connection, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(server.Patience);
        using var response = await connection.GetAsync(new Uri(server.ConfigMaps, UriKind.Relative), patience.Token);
        if (response.IsSuccessStatusCode)
        {
            var version = VersionOf(JsonNode.Parse(await response.Content.ReadAsStringAsync(patience.Token)));
            _ranges.Add(new InformerRange(string.Create(CultureInfo.InvariantCulture, $"informer {number}"), version, []));
            Volatile.Write(ref _version, version);
        }
    }

    private async Task WatchAsync(HttpClient connection, CancellationToken stop)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{server.ConfigMaps}?watch=true&allowWatchBookmarks=true&resourceVersion={_version}");
        using var response = await connection.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, stop);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            await ListAsync(connection, stop);
            return;
        }

        if (response.IsSuccessStatusCode)
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
            while (await reader.ReadLineAsync(stop) is { } line && await TakeAsync(connection, JsonNode.Parse(line), stop))
            {
            }
        }
    }

    /// <summary>False when the watch is over.</summary>
    private async Task<bool> TakeAsync(HttpClient connection, JsonNode? change, CancellationToken stop)
    {
        var (type, obj) = (change.StringAt("type"), change?["object"]);
        if (type is null or "ERROR")
        {
            if (obj?["code"]?.GetValue<int>() == (int)HttpStatusCode.Gone)
            {
                await ListAsync(connection, stop);
            }

            return false;
        }

        var version = VersionOf(obj);
        if (type != "BOOKMARK")
        {
            _ranges[^1].Changes.Add(new ObjectChange(type, obj.StringAt("metadata", "name") ?? "", version, obj.StringAt("data", "v") ?? ""));
        }

        Volatile.Write(ref _version, version);
        return true;
    }

    private static long VersionOf(JsonNode? obj) =>
        long.TryParse(obj.StringAt("metadata", "resourceVersion"), CultureInfo.InvariantCulture, out var version) ? version : 0;
}
