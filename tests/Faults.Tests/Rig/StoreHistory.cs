using System.Diagnostics;

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
    private readonly StoreChanges _told;
    private readonly Task _reading;
    private readonly List<ObjectEvent> _changes = [];
    private readonly Lock _lock = new();
    private Process _watch;
    private bool _isOver;

    public StoreHistory(Etcdctl etcdctl, string @namespace)
    {
        _told = new StoreChanges(@namespace);
        _prefix = _told.Prefix;
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
            lock (_lock)
            {
                _changes.AddRange(_told.Read(line));
            }
        }
    }
}
