namespace MiniKube.Scheduler.Framework;

/// <summary>Labels (or any map of strings) by content; none is the same as empty.</summary>
internal static class LabelSet
{
    public static bool Same(IDictionary<string, string>? before, IDictionary<string, string>? after)
    {
        if ((before?.Count ?? 0) != (after?.Count ?? 0))
        {
            return false;
        }

        return before is null || after is null
            || before.All(label => after.TryGetValue(label.Key, out var value) && value == label.Value);
    }
}
