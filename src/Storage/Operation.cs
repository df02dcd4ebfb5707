namespace MiniKube.Storage;

/// <summary>One change of a transaction: a put when it has a value, else a delete.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">What to store; null deletes the key.</param>
/// <param name="TimeToLive">After this time the store deletes the key by itself; null keeps it for ever.</param>
public sealed record Operation(string Key, ReadOnlyMemory<byte>? Value, TimeSpan? TimeToLive = null)
{
    public static Operation Put(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null) => new(key, value, timeToLive);

    public static Operation Delete(string key) => new(key, null);
}
