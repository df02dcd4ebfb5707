using System.Collections.Concurrent;

namespace MiniKube.Kubelet.Status;

/// <summary>Why a container does not run: what its last start failed with. Kept until it starts.</summary>
internal sealed class ContainerWaits
{
    private readonly ConcurrentDictionary<(string Uid, string Container), (string Reason, string Message)> _waits = [];

    public void Set(string uid, string container, string reason, string message) => _waits[(uid, container)] = (reason, message);

    public (string Reason, string Message)? Get(string uid, string? container) =>
        container is not null && _waits.TryGetValue((uid, container), out var wait) ? wait : null;

    public void Clear(string uid, string container) => _waits.TryRemove((uid, container), out _);

    public void Forget(string uid)
    {
        foreach (var key in _waits.Keys.Where(key => key.Uid == uid))
        {
            _waits.TryRemove(key, out _);
        }
    }
}
