using System.Collections.Concurrent;

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>
/// How soon a failed daemon is replaced on its node: at once, then after one second, two, four, … up to 15 minutes (upstream's numbers), so that the controller and a kubelet that refuses its
/// pods do not chase each other. Forgotten after twice the longest time.
/// </summary>
internal sealed class FailedPodBackoff(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <returns>How long to wait; null when the pod may go now, which counts as a failure.</returns>
    public TimeSpan? Next(string key)
    {
        var now = clock.GetTimestamp();
        if (!_entries.TryGetValue(key, out var entry) || clock.GetElapsedTime(entry.Since) > 2 * Longest)
        {
            _entries[key] = new Entry(now, First);
            return null;
        }

        var left = entry.Delay - clock.GetElapsedTime(entry.Since);
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        _entries[key] = new Entry(now, entry.Delay * 2 > Longest ? Longest : entry.Delay * 2);
        return null;
    }

    /// <summary>Drops what is too old to matter.</summary>
    public void Forget()
    {
        foreach (var (key, entry) in _entries)
        {
            if (clock.GetElapsedTime(entry.Since) > 2 * Longest)
            {
                _entries.TryRemove(key, out _);
            }
        }
    }

    private sealed record Entry(long Since, TimeSpan Delay);
}
