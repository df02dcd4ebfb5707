using MiniKube.Storage;

namespace MiniKube.ApiServer.Registry;

/// <summary>What became of a commit.</summary>
/// <param name="Succeeded">Whether it happened.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="ObjectChanged">On failure: whether the object itself was not as expected, rather than something that changes with it.</param>
/// <param name="Newest">On failure: the object as it is now; null if it is not there.</param>
internal readonly record struct CommitOutcome(bool Succeeded, long Revision, bool ObjectChanged, KeyValue? Newest);
