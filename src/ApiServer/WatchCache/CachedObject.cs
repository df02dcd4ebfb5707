namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// One version of one object, held once for everybody: the JSON bytes it is served in, and what is needed to select it without parsing them again.
/// </summary>
internal sealed class CachedObject
{
    private readonly CachedObject? _source;
    private ObjectBytes? _bytes;
    private object? _rendering;

    public CachedObject(string key, long revision, ObjectBytes bytes, SmallMap fields)
    {
        (Key, Revision, Fields) = (key, revision, fields);
        _bytes = bytes;
    }

    private CachedObject(CachedObject source, long revision)
    {
        (Key, Revision, Fields) = (source.Key, revision, source.Fields);
        _source = source;
    }

    /// <summary><c>namespace/name</c>, or only the name of a cluster-scoped object: what follows the resource's prefix in the store.</summary>
    public string Key { get; }

    /// <summary>The resourceVersion: the mod revision, or of a deleted object the revision of its deletion.</summary>
    public long Revision { get; }

    public string Namespace => Key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? Key[..slash] : "";

    public string Name => Key[(Key.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>Of <see cref="AtRevision"/> they are made when somebody reads them; two who come together make the same.</summary>
    public ObjectBytes Bytes => _bytes ??= _source!.Bytes.WithRevision(Revision);

    public ReadOnlyMemory<byte> Json => Bytes.Json;

    public SmallMap Labels => (_source ?? this).Bytes.Labels;

    /// <summary>The selectable fields of the kind that are not empty.</summary>
    public SmallMap Fields { get; }

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
    public CachedObject AtRevision(long revision) => new(_source ?? this, revision);
}
