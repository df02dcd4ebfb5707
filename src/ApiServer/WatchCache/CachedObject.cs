namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// One version of one object, held once for everybody: the JSON bytes it is served in, and what is needed to select it without parsing them again.
/// </summary>
internal sealed class CachedObject(string key, long revision, ObjectBytes bytes, IReadOnlyDictionary<string, string> fields)
{
    private object? _rendering;

    /// <summary><c>namespace/name</c>, or only the name of a cluster-scoped object: what follows the resource's prefix in the store.</summary>
    public string Key { get; } = key;

    /// <summary>The resourceVersion: the mod revision, or of a deleted object the revision of its deletion.</summary>
    public long Revision { get; } = revision;

    public string Namespace => Key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? Key[..slash] : "";

    public string Name => Key[(Key.IndexOf('/', StringComparison.Ordinal) + 1)..];

    public ObjectBytes Bytes { get; } = bytes;

    public ReadOnlyMemory<byte> Json => Bytes.Json;

    public IReadOnlyDictionary<string, string> Labels => Bytes.Labels;

    /// <summary>The selectable fields of the kind that are not empty.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; } = fields;

    /// <summary>What somebody made of this version and may use again (the cells of its table row). The last one made is kept.</summary>
    public T Rendering<T>(Func<CachedObject, T> render)
        where T : class
    {
        if (Volatile.Read(ref _rendering) is T rendered)
        {
            return rendered;
        }

        rendered = render(this);
        Volatile.Write(ref _rendering, rendered);
        return rendered;
    }

    public bool IsIn(string @namespace) =>
        Key.Length > @namespace.Length && Key[@namespace.Length] == '/' && Key.StartsWith(@namespace, StringComparison.Ordinal);

    public string Field(string name) => Fields.GetValueOrDefault(name, "");

    /// <summary>The same content as of another revision: a deletion is told with the revision at which it happened.</summary>
    public CachedObject AtRevision(long revision) => new(Key, revision, Bytes.WithRevision(revision), Fields);
}
