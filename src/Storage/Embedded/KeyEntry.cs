namespace MiniKube.Storage.Embedded;

/// <summary>A key with the chain of its versions.</summary>
internal sealed class KeyEntry(string key)
{
    public string Key { get; set; } = key;

    public KeyVersion? Newest { get; set; }

    /// <summary>
    /// Cuts off what cannot be read at the revision or later: versions that were overwritten by then, and a deletion itself.
    /// Returns whether anything is left.
    /// </summary>
    public bool Compact(long revision, List<long> garbage)
    {
        KeyVersion? newer = null;
        var kept = Newest;
        while (kept is not null && kept.ModRevision > revision)
        {
            (newer, kept) = (kept, kept.Previous);
        }

        if (kept is null)
        {
            return true;
        }

        for (var old = kept.Previous; old is not null; old = old.Previous)
        {
            garbage.Add(old.Id);
        }

        kept.Previous = null;
        if (!kept.IsDeletion)
        {
            return true;
        }

        garbage.Add(kept.Id);
        if (newer is not null)
        {
            newer.Previous = null;
        }

        return newer is not null;
    }
}
