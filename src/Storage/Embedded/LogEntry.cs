namespace MiniKube.Storage.Embedded;

/// <summary>A version with its value, as it goes into the log and to watchers.</summary>
internal readonly record struct LogEntry(KeyVersion Version, ReadOnlyMemory<byte> Value)
{
    public KeyEvent ToEvent() => new(Version.IsDeletion ? KeyEventType.Delete : KeyEventType.Put, Version.WithValue(Value));
}
