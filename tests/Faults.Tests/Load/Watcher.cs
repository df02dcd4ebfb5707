using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

using MiniKube.Faults.Tests.Checking;

namespace MiniKube.Faults.Tests.Load;

/// <summary>Lists, then watches, and goes on where it was when the connection breaks, as an informer does. It begins anew only when it is told that it must (410).</summary>
internal sealed class Watcher(int number, HttpClient server, TimeProvider clock)
{
    private const string Path = $"/api/v1/namespaces/{Writer.Namespace}/configmaps";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // A watch that hangs with its server is left after this time, as clients do whose pings go unanswered.
    private static readonly TimeSpan WatchTime = TimeSpan.FromSeconds(5);

    private readonly List<WatchRange> _ranges = [];
    private readonly Lock _lock = new();
    private CancellationTokenSource? _connection;
    private volatile bool _isAway;
    private long _version;

    public string Name => $"watcher {number} of {server.BaseAddress}";

    /// <summary>What it was told, without gaps in each range.</summary>
    public IReadOnlyList<WatchRange> Ranges => _ranges;

    /// <summary>The newest version that it knows.</summary>
    public long Version => Volatile.Read(ref _version);

    public void Disconnect()
    {
        _isAway = true;
        lock (_lock)
        {
            _connection?.Cancel();
        }
    }

    public void Reconnect() => _isAway = false;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!_isAway && (_ranges.Count > 0 || await ListAsync(stop)))
            {
                await WatchAsync(stop);
            }

            await Task.Delay(Pause, clock, CancellationToken.None);
        }
    }

    private async Task<bool> ListAsync(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await server.GetAsync(Path, patience.Token);
            if (!response.IsSuccessStatusCode)
            {
                return false;
            }

            var list = JsonNode.Parse(await response.Content.ReadAsStringAsync(patience.Token))!;
            var version = long.Parse(list["metadata"]!["resourceVersion"]!.GetValue<string>(), CultureInfo.InvariantCulture);
            _ranges.Add(new WatchRange(Name, version, []));
            Volatile.Write(ref _version, version);
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Remember(connection);
        connection.CancelAfter(WatchTime);
        try
        {
            var path = $"{Path}?watch=true&allowWatchBookmarks=true&resourceVersion={_version}";
            using var response = await server.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, connection.Token);
            if (response.StatusCode == HttpStatusCode.Gone)
            {
                await ListAsync(stop);
                return;
            }

            if (response.IsSuccessStatusCode)
            {
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(connection.Token));
                while (await reader.ReadLineAsync(connection.Token) is { } line && await TakeAsync(JsonNode.Parse(line)!, stop))
                {
                }
            }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException or System.Text.Json.JsonException)
        {
            // Broken, perhaps in the middle of a line: it goes on from the last whole event.
        }
        finally
        {
            Remember(null);
        }
    }

    private void Remember(CancellationTokenSource? connection)
    {
        lock (_lock)
        {
            _connection = connection;
        }
    }

    /// <summary>False when the watch is over.</summary>
    private async Task<bool> TakeAsync(JsonNode change, CancellationToken stop)
    {
        var type = change["type"]!.GetValue<string>();
        var obj = change["object"]!;
        if (type == "ERROR")
        {
            if (obj["code"]!.GetValue<int>() == 410)
            {
                await ListAsync(stop);
            }

            return false;
        }

        var version = long.Parse(obj["metadata"]!["resourceVersion"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        if (type != "BOOKMARK")
        {
            _ranges[^1].Events.Add(new ObjectEvent(type, obj["metadata"]!["name"]!.GetValue<string>(), version, obj["data"]?["v"]?.GetValue<string>() ?? ""));
        }

        Volatile.Write(ref _version, version);
        return true;
    }
}
