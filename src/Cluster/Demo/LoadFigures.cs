namespace MiniKube.Cluster.Demo;

/// <summary>What a failure cost the clients of the load.</summary>
/// <param name="Requests">Requests in all.</param>
/// <param name="Failed">Those that were not answered: what clients without retry see as errors.</param>
/// <param name="FailedLists">Of these the lists that may be stale.</param>
/// <param name="FailedFor">From the first of them being sent to the last being given up.</param>
/// <param name="LongestGap">The longest that any client was without an answer.</param>
internal sealed record LoadFigures(int Requests, int Failed, int FailedLists, TimeSpan FailedFor, TimeSpan LongestGap)
{
    public static LoadFigures Of(IReadOnlyCollection<Attempt> attempts)
    {
        var failed = attempts.Where(attempt => !attempt.IsAnswered).ToList();
        return new LoadFigures(
            attempts.Count,
            failed.Count,
            failed.Count(attempt => attempt.Kind == AttemptKind.List),
            failed.Count == 0 ? TimeSpan.Zero : failed.Max(attempt => attempt.Return) - failed.Min(attempt => attempt.Call),
            attempts.Where(attempt => attempt.IsAnswered).GroupBy(attempt => attempt.Client).Select(LongestGapOf).DefaultIfEmpty().Max());
    }

    private static TimeSpan LongestGapOf(IEnumerable<Attempt> answered)
    {
        var moments = answered.Select(attempt => attempt.Return).Order().ToList();
        return moments.Zip(moments.Skip(1), (from, to) => to - from).DefaultIfEmpty().Max();
    }
}
