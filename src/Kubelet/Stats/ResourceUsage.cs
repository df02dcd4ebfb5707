namespace MiniKube.Kubelet.Stats;

/// <summary>What something has used: CPU in nanoseconds since its start, memory in bytes at this time, page faults since its start.</summary>
/// <param name="Time">When it was read.</param>
/// <param name="CpuNanoseconds">Of all CPUs together.</param>
/// <param name="Memory">With the page cache.</param>
/// <param name="WorkingSet">What cannot be taken away at once: without inactive pages of files.</param>
/// <param name="Rss">Without any page cache.</param>
/// <param name="PageFaults">All of them.</param>
/// <param name="MajorPageFaults">Those that had to read from disk.</param>
internal sealed record ResourceUsage(
    DateTimeOffset Time, long CpuNanoseconds, long Memory, long WorkingSet, long Rss, long PageFaults, long MajorPageFaults)
{
    public static ResourceUsage None(DateTimeOffset time) => new(time, 0, 0, 0, 0, 0, 0);

    /// <summary>A pod's is the sum of its containers'.</summary>
    public static ResourceUsage operator +(ResourceUsage left, ResourceUsage right) => new(
        left.Time > right.Time ? left.Time : right.Time,
        left.CpuNanoseconds + right.CpuNanoseconds,
        left.Memory + right.Memory,
        left.WorkingSet + right.WorkingSet,
        left.Rss + right.Rss,
        left.PageFaults + right.PageFaults,
        left.MajorPageFaults + right.MajorPageFaults);
}
