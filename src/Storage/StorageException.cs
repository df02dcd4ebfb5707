namespace MiniKube.Storage;

/// <summary>The only exception that a store throws besides cancellation. The API server translates it to a Status in one place.</summary>
public sealed class StorageException(StorageErrorKind kind, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public StorageErrorKind Kind { get; } = kind;
}
