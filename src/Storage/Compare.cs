namespace MiniKube.Storage;

/// <summary>Holds when the key's newest mod revision is that one; 0 means that the key does not exist.</summary>
public sealed record Compare(string Key, long ModRevision);
