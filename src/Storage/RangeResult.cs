namespace MiniKube.Storage;

/// <summary>What was read, in key order.</summary>
/// <param name="Revision">The store's revision it was read at: a watch from Revision + 1 has no gap.</param>
/// <param name="Count">How many keys were read or, when only that was asked for, how many there are. What a limit cut off is not counted: a read in pages would count it again each time.</param>
/// <param name="Items">The keys and values.</param>
public sealed record RangeResult(long Revision, long Count, IReadOnlyList<KeyValue> Items);
