namespace MiniKube.Faults.Tests.Checking;

/// <summary>Whether what watchers were told is what happened: every change after their start once, in order, none left out, none made up.</summary>
internal static class WatchChecker
{
    /// <param name="truth">The store's own history, in order.</param>
    /// <param name="ranges">What watchers were told.</param>
    /// <returns>What is wrong, one line a watcher; empty if nothing is.</returns>
    public static IReadOnlyList<string> Check(IReadOnlyList<ObjectEvent> truth, IEnumerable<WatchRange> ranges) =>
        [.. ranges.Select(range => CheckRange(truth, range)).OfType<string>()];

    private static string? CheckRange(IReadOnlyList<ObjectEvent> truth, WatchRange range)
    {
        var expected = truth.Where(change => change.Version > range.From).ToList();
        for (var i = 0; i < range.Events.Count; i++)
        {
            if (i >= expected.Count)
            {
                return $"{range.Watcher} from {range.From}: told of {range.Events[i]}, which never happened";
            }

            if (range.Events[i] != expected[i])
            {
                return $"{range.Watcher} from {range.From}: event {i} is {range.Events[i]}, but what happened is {expected[i]}";
            }
        }

        return null;
    }
}
