namespace MiniKube.Faults.Tests.Elections;

/// <summary>
/// Whether there was never more than one active: the writes of an epoch (a fencing token of a Lease) are all of one holder, and none of them happened after one of a later epoch. What a server did lies
/// between the moments when it had the request and when it had answered.
/// </summary>
internal static class EpochChecker
{
    /// <summary>What is wrong, one line a write or an epoch; empty if nothing is.</summary>
    public static IReadOnlyList<string> Check(IEnumerable<AuditRecord> records) =>
        [.. records.Where(record => record.IsLeadersWrite).GroupBy(record => record.Lease).SelectMany(CheckLease)];

    private static IEnumerable<string> CheckLease(IGrouping<string, AuditRecord> lease)
    {
        AuditRecord? firstOfLater = null;
        foreach (var epoch in lease.GroupBy(record => record.Token).OrderByDescending(epoch => epoch.Key))
        {
            var holders = epoch.Select(record => record.User).Distinct().ToList();
            if (holders.Count > 1)
            {
                yield return $"{lease.Key}:{epoch.Key} has writes of {string.Join(" and ", holders)}";
            }

            foreach (var late in epoch.Where(record => record.Received > firstOfLater?.Completed))
            {
                yield return $"{late}, though {firstOfLater} was before it";
            }

            var first = epoch.MinBy(record => record.Completed);
            firstOfLater = firstOfLater is null || first?.Completed < firstOfLater.Completed ? first : firstOfLater;
        }
    }
}
