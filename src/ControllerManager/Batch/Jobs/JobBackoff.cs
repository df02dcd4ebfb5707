using System.Collections.Concurrent;

using k8s.Models;

using MiniKube.Api.Meta;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>
/// How long a job waits before it replaces failed pods: 10 s after the first failure since the last success, doubled with each, at most 10 minutes (upstream's numbers).
/// </summary>
internal sealed class JobBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<NamespacedName, Record> _records = new();

    /// <summary>What is known when pods that ended since are counted too; kept by <see cref="Set"/> once they are.</summary>
    public Record Next(NamespacedName key, IReadOnlyList<V1Pod> succeeded, IReadOnlyList<V1Pod> failed)
    {
        var failures = failed.Select(JobPods.FinishTime).ToList();
        if (succeeded.Count > 0)
        {
            var success = succeeded.Max(JobPods.FinishTime);
            var since = failures.Where(time => time > success).ToList();
            return new Record(since.Count, since.Count == 0 ? null : since.Max());
        }

        var before = _records.GetValueOrDefault(key) ?? new Record(0, null);
        return failures.Count == 0 ? before : new Record(before.Failures + failures.Count, failures.Max());
    }

    public void Set(NamespacedName key, Record record) => _records[key] = record;

    public void Forget(NamespacedName key) => _records.TryRemove(key, out _);

    /// <returns>Zero when the next pod may be made now.</returns>
    public static TimeSpan Remaining(int failures, DateTime? last, DateTime now)
    {
        if (failures == 0 || last is null)
        {
            return TimeSpan.Zero;
        }

        var delay = First * Math.Pow(2, Math.Min(failures - 1, 10));
        var left = (delay > Longest ? Longest : delay) - (now - last.Value);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    internal sealed record Record(int Failures, DateTime? Last);
}
