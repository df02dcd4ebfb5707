using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Faults.Tests.Checking;

namespace MiniKube.Faults.Tests.Rig;

/// <summary>
/// What happened to the ConfigMaps of a namespace, as etcd's own watch tells it, from the first revision on. That watch ends when its member loses the leader: it is
/// begun again behind the last change.
/// </summary>
internal sealed class StoreHistory : IAsyncDisposable
{
    private readonly Etcdctl _etcdctl;
    private readonly string _prefix;
    private readonly Task _reading;
    private readonly List<ObjectEvent> _changes = [];
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Process _watch;
    private bool _isOver;

    public StoreHistory(Etcdctl etcdctl, string @namespace)
    {
        _prefix = $"/registry/configmaps/{@namespace}/";
        _etcdctl = etcdctl;
        _watch = etcdctl.Watch(_prefix, 1);
        _reading = ReadAsync();
    }

    public IReadOnlyList<ObjectEvent> Changes
    {
        get
        {
            lock (_lock)
            {
                return [.. _changes];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isOver = true;
            _watch.Kill();
        }

        await _reading;
    }

    private async Task ReadAsync()
    {
        while (true)
        {
            await ReadToEndAsync();
            await _watch.WaitForExitAsync(CancellationToken.None);
            lock (_lock)
            {
                _watch.Dispose();
                if (_isOver)
                {
                    return;
                }

                _watch = _etcdctl.Watch(_prefix, _changes.Count == 0 ? 1 : _changes[^1].Version + 1);
            }
        }
    }

    private async Task ReadToEndAsync()
    {
        while (await _watch.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.StartsWith('{') && JsonNode.Parse(line)?["Events"] is JsonArray events)
            {
                lock (_lock)
                {
                    _changes.AddRange(events.Select(change => Convert(change!)));
                }
            }
        }
    }

    // etcd leaves out a type that is 0 (put).
    private ObjectEvent Convert(JsonNode change)
    {
        var kv = change["kv"]!;
        var name = Text(kv["key"]!)[_prefix.Length..];
        var version = kv["mod_revision"]!.GetValue<long>();
        if (change["type"]?.GetValue<int>() == 1)
        {
            _values.Remove(name, out var last);
            return new ObjectEvent("DELETED", name, version, last ?? "");
        }

        var value = JsonNode.Parse(Text(kv["value"]!))!["data"]?["v"]?.GetValue<string>() ?? "";
        _values[name] = value;
        return new ObjectEvent(kv["create_revision"]!.GetValue<long>() == version ? "ADDED" : "MODIFIED", name, version, value);
    }

    private static string Text(JsonNode base64) => Encoding.UTF8.GetString(System.Convert.FromBase64String(base64.GetValue<string>()));
}
