namespace MiniKube.Storage;

/// <summary>What to read.</summary>
/// <param name="Range">The keys.</param>
/// <param name="Revision">The revision to read at; 0 is the newest, linearizable.</param>
/// <param name="Limit">How many items at most; 0 is all.</param>
/// <param name="CountOnly">No items, only their count.</param>
public sealed record RangeQuery(KeyRange Range, long Revision = 0, int Limit = 0, bool CountOnly = false);
