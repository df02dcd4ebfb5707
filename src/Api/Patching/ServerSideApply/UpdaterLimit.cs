namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>Keeps managedFields small: of more than ten updaters the oldest become one, <c>ancient-changes</c>, for each version that they wrote in.</summary>
internal static class UpdaterLimit
{
    public const int Most = 10;
    private const string Bucket = "ancient-changes";

    public static void Enforce(ManagedFields managed)
    {
        var updaters = managed.Owners.Where(entry => !entry.Key.IsApplier)
            .OrderBy(entry => entry.Value.Time ?? "", StringComparer.Ordinal)
            .ThenBy(entry => entry.Key)
            .ToList();
        var count = updaters.Count;
        if (count <= Most)
        {
            return;
        }

        // The first of a version is put into a bucket only when there is a second one to go with it.
        var buckets = new Dictionary<string, List<KeyValuePair<FieldOwner, OwnedFields>>>(StringComparer.Ordinal);
        foreach (var updater in updaters)
        {
            if (count <= Most)
            {
                break;
            }

            if (buckets.TryGetValue(updater.Value.ApiVersion, out var bucket))
            {
                bucket.Add(updater);
                count--;
            }
            else
            {
                buckets[updater.Value.ApiVersion] = [updater];
            }
        }

        foreach (var (version, members) in buckets.Where(bucket => bucket.Value.Count > 1))
        {
            foreach (var (owner, _) in members)
            {
                managed[owner] = null;
            }

            var bucket = FieldOwner.Updater(Bucket, version, "");
            FieldSet[] sets = [managed[bucket]?.Fields ?? FieldSet.Empty, .. members.Select(member => member.Value.Fields)];
            managed[bucket] = new OwnedFields(version, FieldSet.Union(sets), members[^1].Value.Time);
        }
    }
}
