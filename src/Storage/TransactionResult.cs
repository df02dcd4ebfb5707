namespace MiniKube.Storage;

/// <summary>What became of a transaction.</summary>
/// <param name="Succeeded">Whether every compare held, so that every operation was carried out.</param>
/// <param name="Revision">The revision it made, or on failure the store's revision it was judged at.</param>
/// <param name="CurrentOnFailure">What stood in the way: the first compared key that differed, as it is now; null if it does not exist.</param>
/// <param name="FailedCompare">The index of the first compare that did not hold; -1 on success.</param>
public sealed record TransactionResult(bool Succeeded, long Revision, KeyValue? CurrentOnFailure, int FailedCompare = -1);
