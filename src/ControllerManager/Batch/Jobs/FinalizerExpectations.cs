using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>Pods whose finalizer was removed although the cache still shows it: they have been counted, and must not be again.</summary>
internal sealed class FinalizerExpectations
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, HashSet<string>> _removed = [];

    public IReadOnlySet<string> Removed(NamespacedName job)
    {
        lock (_lock)
        {
            return _removed.TryGetValue(job, out var uids) ? [.. uids] : new HashSet<string>();
        }
    }

    public void Expect(NamespacedName job, string uid)
    {
        lock (_lock)
        {
            if (!_removed.TryGetValue(job, out var uids))
            {
                _removed[job] = uids = [];
            }

            uids.Add(uid);
        }
    }

    public void Observed(NamespacedName job, string uid)
    {
        lock (_lock)
        {
            if (_removed.TryGetValue(job, out var uids) && uids.Remove(uid) && uids.Count == 0)
            {
                _removed.Remove(job);
            }
        }
    }

    public void Forget(NamespacedName job)
    {
        lock (_lock)
        {
            _removed.Remove(job);
        }
    }

    public void Observe(ObjectChange<V1Pod> change)
    {
        if ((change.Old ?? change.New) is { } pod
            && pod.ControllerReference() is { Kind: "Job" } owner
            && (change.New is null || !JobPods.IsTracked(change.New)))
        {
            Observed(new NamespacedName(pod.Key().Namespace, owner.Name ?? ""), pod.Metadata?.Uid ?? "");
        }
    }
}
