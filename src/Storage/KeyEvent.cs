namespace MiniKube.Storage;

/// <summary>One change. For a deletion the value is empty, and ModRevision is the deletion's revision.</summary>
public sealed record KeyEvent(KeyEventType Type, KeyValue KeyValue);
