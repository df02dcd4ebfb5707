namespace MiniKube.Storage.Embedded;

/// <summary>Events of the log up to and including a revision, all whole revisions.</summary>
internal sealed record HistoryPage(long Revision, IReadOnlyList<KeyEvent> Events);
