namespace MiniKube.ControllerManager.GarbageCollection;

/// <summary>Who owns whom, by uid. Each change answers whose fate it may have decided. An owner need not be known: its dependents point to it.</summary>
internal sealed class GarbageGraph
{
    /// <summary>How many uids of removed objects are remembered, to spare asking the server for an owner that many dependents had.</summary>
    private const int MaxRemembered = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, GarbageObject> _objects = [];
    private readonly Dictionary<string, HashSet<string>> _dependents = [];
    private readonly HashSet<string> _gone = [];
    private readonly Queue<string> _goneInOrder = new();

    /// <returns>The uids that need a look.</returns>
    public IReadOnlyList<string> Set(GarbageObject obj)
    {
        lock (_lock)
        {
            var old = _objects.GetValueOrDefault(obj.Uid);
            if (old is not null)
            {
                Unlink(old);
            }

            _objects[obj.Uid] = obj;
            foreach (var owner in obj.Owners)
            {
                DependentsOf(owner.Uid).Add(obj.Uid);
            }

            return [.. Affected(old, obj).Distinct()];
        }
    }

    /// <returns>The uids that need a look: what it owned, and the owners that waited for it.</returns>
    public IReadOnlyList<string> Remove(string uid)
    {
        lock (_lock)
        {
            RememberLocked(uid);
            if (!_objects.Remove(uid, out var removed))
            {
                return [];
            }

            Unlink(removed);
            return [.. removed.Owners.Select(owner => owner.Uid).Where(WaitsForDependents), .. _dependents.GetValueOrDefault(uid) ?? []];
        }
    }

    public GarbageObject? Find(string uid)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault(uid);
        }
    }

    public IReadOnlyList<GarbageObject> Dependents(string uid)
    {
        lock (_lock)
        {
            return [.. (_dependents.GetValueOrDefault(uid) ?? []).Select(_objects.GetValueOrDefault).OfType<GarbageObject>()];
        }
    }

    /// <summary>Uids are never used again: what was seen to go will not come back.</summary>
    public bool IsGone(string uid)
    {
        lock (_lock)
        {
            return _gone.Contains(uid);
        }
    }

    /// <summary>The server said that there is no such object.</summary>
    public void Remember(string uid)
    {
        lock (_lock)
        {
            RememberLocked(uid);
        }
    }

    /// <summary>Whether all owners are there and none is waiting for this object to go: nothing to do, and nothing to ask the server.</summary>
    public bool IsHeld(GarbageObject obj)
    {
        lock (_lock)
        {
            return obj.Owners.All(owner => _objects.TryGetValue(owner.Uid, out var known) && !known.WaitsForDependents);
        }
    }

    private IEnumerable<string> Affected(GarbageObject? old, GarbageObject now)
    {
        // The owner is unknown: gone, or not seen yet. Or it waits for this one to go.
        if (now.IsDeleting || now.Owners.Any(owner => !_objects.TryGetValue(owner.Uid, out var known) || known.WaitsForDependents))
        {
            yield return now.Uid;
        }

        if (now.WaitsForDependents && old is not { WaitsForDependents: true })
        {
            foreach (var dependent in _dependents.GetValueOrDefault(now.Uid) ?? [])
            {
                yield return dependent;
            }
        }

        // An owner that it does not block any more.
        foreach (var owner in old?.Owners ?? [])
        {
            if (WaitsForDependents(owner.Uid))
            {
                yield return owner.Uid;
            }
        }
    }

    private bool WaitsForDependents(string uid) => _objects.TryGetValue(uid, out var owner) && owner.WaitsForDependents;

    private void Unlink(GarbageObject obj)
    {
        foreach (var owner in obj.Owners)
        {
            if (_dependents.TryGetValue(owner.Uid, out var dependents) && dependents.Remove(obj.Uid) && dependents.Count == 0)
            {
                _dependents.Remove(owner.Uid);
            }
        }
    }

    private HashSet<string> DependentsOf(string uid)
    {
        if (!_dependents.TryGetValue(uid, out var dependents))
        {
            _dependents[uid] = dependents = [];
        }

        return dependents;
    }

    private void RememberLocked(string uid)
    {
        if (_gone.Add(uid))
        {
            _goneInOrder.Enqueue(uid);
        }

        if (_goneInOrder.Count > MaxRemembered)
        {
            _gone.Remove(_goneInOrder.Dequeue());
        }
    }
}
