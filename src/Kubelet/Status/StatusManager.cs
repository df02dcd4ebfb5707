using System.Globalization;
using System.Threading.Channels;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Status;

/// <summary>
/// The only writer of pod status. Workers set what they see, without waiting; the newest status of each pod is patched, and a pod whose
/// containers are gone is deleted for good.
/// </summary>
internal sealed partial class StatusManager(IObjectClient client, PodManager pods, TimeProvider clock, ILogger<StatusManager> logger)
{
    private const int Writers = 4;
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Channel<string> _dirty = Channel.CreateUnbounded<string>();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var writers = Enumerable.Range(0, Writers).Select(_ => WriteAsync(cancellationToken));
        await Task.WhenAll([.. writers, RetryAsync(cancellationToken)]);
    }

    /// <summary>The newest status of a pod: what was set last, or what the API has.</summary>
    public V1PodStatus? Get(V1Pod pod)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(pod.Uid(), out var entry) ? entry.Wanted ?? InApi(entry, pod)?.Status : pods.InApi(pod)?.Status;
        }
    }

    /// <summary>Takes over what the status now is. Start time, times of transition and others' conditions are kept from before.</summary>
    public void Set(V1Pod pod, V1PodStatus status)
    {
        lock (_lock)
        {
            var entry = GetOrAdd(pod);
            var previous = entry.Wanted ?? InApi(entry, pod)?.Status;
            entry.Pod = pod;
            entry.Wanted = Merge(pod, status, previous);
            Enqueue(entry);
        }
    }

    /// <summary>Nothing of the pod runs any more and everything it held has been given back: if it is to be deleted, it may go.</summary>
    public void Terminated(V1Pod pod)
    {
        lock (_lock)
        {
            var entry = GetOrAdd(pod);
            entry.Pod = pod;
            entry.Terminated = true;
            Enqueue(entry);
        }
    }

    /// <summary>The API's copy of a pod changed; whoever overwrote our status is overwritten in turn.</summary>
    public void PodChanged(V1Pod pod)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(pod.Uid(), out var entry))
            {
                entry.Pod = pod;
                Observe(entry, pods.InApi(pod));
                Enqueue(entry);
            }
        }
    }

    public void MirrorChanged(V1Pod mirror)
    {
        lock (_lock)
        {
            if (pods.Find(mirror.Key()) is { } pod && pod.IsStatic() && _entries.TryGetValue(pod.Uid(), out var entry))
            {
                Observe(entry, mirror);
                Enqueue(entry);
            }
        }
    }

    public void Forget(string uid)
    {
        lock (_lock)
        {
            _entries.Remove(uid);
        }
    }

    private Entry GetOrAdd(V1Pod pod)
    {
        if (!_entries.TryGetValue(pod.Uid(), out var entry))
        {
            entry = new Entry(pod);
            _entries[pod.Uid()] = entry;
        }

        return entry;
    }

    private V1Pod? InApi(Entry entry, V1Pod pod) => entry.InApi ?? pods.InApi(pod);

    /// <summary>Only a newer version counts: an informer may still tell of the time before our last patch.</summary>
    private static void Observe(Entry entry, V1Pod? seen)
    {
        if (seen is not null && (entry.InApi is null || entry.InApi.Uid() != seen.Uid() || Version(seen) >= Version(entry.InApi)))
        {
            entry.InApi = seen;
        }
    }

    private static long Version(V1Pod pod) =>
        long.TryParse(pod.Metadata?.ResourceVersion, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private void Enqueue(Entry entry)
    {
        entry.Changed = true;
        if (!entry.InFlight)
        {
            entry.InFlight = true;
            _dirty.Writer.TryWrite(entry.Pod.Uid());
        }
    }

    private V1PodStatus Merge(V1Pod pod, V1PodStatus status, V1PodStatus? previous)
    {
        var now = ApiTime.Truncate(clock.GetUtcNow());
        var conditions = status.Conditions?.Select(condition =>
        {
            var old = previous?.Conditions?.FirstOrDefault(candidate => candidate.Type == condition.Type);
            return condition with { LastTransitionTime = old?.Status == condition.Status ? old?.LastTransitionTime ?? now : now };
        }).ToList();
        return status with
        {
            StartTime = previous?.StartTime ?? pod.Status?.StartTime ?? now,
            Conditions = conditions,
            Phase = status.Phase ?? previous?.Phase,
        };
    }

    private async Task RetryAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RetryPeriod, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            lock (_lock)
            {
                foreach (var entry in _entries.Values.Where(entry => entry.Failed))
                {
                    entry.Failed = false;
                    Enqueue(entry);
                }
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await foreach (var uid in _dirty.Reader.ReadAllAsync(cancellationToken))
        {
            while (Take(uid) is { } work)
            {
                await WriteAsync(work, cancellationToken);
            }
        }
    }

    private async Task WriteAsync(Entry work, CancellationToken cancellationToken)
    {
        try
        {
            await SyncAsync(work, cancellationToken);
        }
        catch (StatusException exception) when (exception.Status.Code == 404)
        {
            // The pod is gone from the API; its source will say so.
        }
        catch (Exception exception) when (exception is StatusException or HttpRequestException or TimeoutException)
        {
            Log.PatchFailed(logger, exception, work.Pod.Namespace(), work.Pod.Name());
            lock (_lock)
            {
                work.Failed = true;
            }
        }
    }

    private Entry? Take(string uid)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(uid, out var entry))
            {
                return null;
            }

            if (!entry.Changed)
            {
                entry.InFlight = false;
                return null;
            }

            entry.Changed = false;
            return entry;
        }
    }

    private async Task SyncAsync(Entry entry, CancellationToken cancellationToken)
    {
        V1Pod? target;
        V1PodStatus? wanted;
        bool delete;
        lock (_lock)
        {
            target = InApi(entry, entry.Pod);
            wanted = entry.Wanted;
            delete = entry.Terminated && target?.IsDeleted() == true && !entry.Pod.IsStatic();
        }

        if (target is null)
        {
            return;
        }

        if (wanted is not null && StatusPatch.Create(target.Metadata?.Uid, target.Status, wanted) is { } patch && patch != entry.Refused)
        {
            var patched = await client.PatchAsync<V1Pod>(target.Key(), new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "status", cancellationToken);
            lock (_lock)
            {
                Observe(entry, patched);
            }

            // What the server will not take over is not asked for again and again.
            entry.Refused = StatusPatch.Create(patched.Metadata?.Uid, patched.Status, wanted);
        }

        if (delete)
        {
            var options = new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = target.Metadata?.Uid } };
            await client.DeleteAsync<V1Pod>(target.Key(), options, cancellationToken);
        }
    }

    private sealed class Entry(V1Pod pod)
    {
        public V1Pod Pod { get; set; } = pod;

        public V1Pod? InApi { get; set; }

        public V1PodStatus? Wanted { get; set; }

        public string? Refused { get; set; }

        public bool Terminated { get; set; }

        public bool Changed { get; set; }

        public bool InFlight { get; set; }

        public bool Failed { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Failed to write the status of pod {Namespace}/{Name}; it is tried again")]
        public static partial void PatchFailed(ILogger logger, Exception exception, string @namespace, string name);
    }
}
