namespace MiniKube.Storage;

/// <summary>All changes of one or more whole revisions, in order. Revision is the last of them: a watch resumes at Revision + 1.</summary>
public sealed record WatchBatch(long Revision, IReadOnlyList<KeyEvent> Events);
