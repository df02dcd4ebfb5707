using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client.Informers;

namespace MiniKube.Client.Controllers;

/// <summary>
/// What a controller did that its cache does not show yet. Until it does, another reconciliation would do it again; an expectation is given up after five minutes (upstream's number),
/// in case a change was never seen.
/// </summary>
public sealed class Expectations(TimeProvider clock)
{
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, Expected> _expected = [];

    /// <summary>Whether the cache shows all that was done for the key.</summary>
    public bool AreMet(NamespacedName key)
    {
        lock (_lock)
        {
            return !_expected.TryGetValue(key, out var expected)
                || (expected.Creations <= 0 && expected.Deletions.Count == 0)
                || clock.GetElapsedTime(expected.Since) > GivenUpAfter;
        }
    }

    public void ExpectCreations(NamespacedName key, int count) => Set(key, new Expected(clock.GetTimestamp(), count, []));

    /// <param name="key">Whose.</param>
    /// <param name="uids">A pod is deleted when it is marked so, and gone later: both are told, and the uid makes them one.</param>
    public void ExpectDeletions(NamespacedName key, IEnumerable<string> uids) => Set(key, new Expected(clock.GetTimestamp(), 0, [.. uids]));

    /// <summary>Both at once.</summary>
    public void Expect(NamespacedName key, int creations, IEnumerable<string> deletions) => Set(key, new Expected(clock.GetTimestamp(), creations, [.. deletions]));

    public void CreationObserved(NamespacedName key)
    {
        lock (_lock)
        {
            if (_expected.TryGetValue(key, out var expected))
            {
                expected.Creations--;
            }
        }
    }

    public void DeletionObserved(NamespacedName key, string uid)
    {
        lock (_lock)
        {
            if (_expected.TryGetValue(key, out var expected))
            {
                expected.Deletions.Remove(uid);
            }
        }
    }

    /// <summary>The object is gone: nothing is expected of its namesake.</summary>
    public void Forget(NamespacedName key)
    {
        lock (_lock)
        {
            _expected.Remove(key);
        }
    }

    internal void Observe<T>(ObjectChange<T> change, Func<T?, NamespacedName?> ownerOf)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var obj = change.New ?? change.Old;
        if (obj is null || ownerOf(obj) is not { } owner)
        {
            return;
        }

        if (change.Old is null && obj.Metadata?.DeletionTimestamp is null)
        {
            CreationObserved(owner);
        }
        else if (change.New is null || obj.Metadata?.DeletionTimestamp is not null)
        {
            DeletionObserved(owner, obj.Metadata?.Uid ?? "");
        }
    }

    private void Set(NamespacedName key, Expected expected)
    {
        lock (_lock)
        {
            _expected[key] = expected;
        }
    }

    private sealed class Expected(long since, int creations, HashSet<string> deletions)
    {
        public long Since { get; } = since;

        public int Creations { get; set; } = creations;

        public HashSet<string> Deletions { get; } = deletions;
    }
}
