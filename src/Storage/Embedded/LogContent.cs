namespace MiniKube.Storage.Embedded;

/// <summary>What a log held when it was opened: versions in the order of their ids, and the revision it was last compacted at.</summary>
internal sealed record LogContent(IEnumerable<KeyVersion> Versions, long CompactRevision);
