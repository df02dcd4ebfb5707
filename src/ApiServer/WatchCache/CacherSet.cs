using System.Collections.Immutable;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>
/// The cachers by the prefix of their keys; resources that are views of one stored kind (two versions of it) share a prefix. Resources come
/// and go while it is read.
/// </summary>
internal sealed class CacherSet
{
    private static readonly Cacher[] None = [];

    private volatile ImmutableDictionary<string, Cacher[]> _byPrefix = [];

    public IEnumerable<Cacher> All => _byPrefix.Values.SelectMany(cachers => cachers);

    public void Add(IEnumerable<Cacher> cachers)
    {
        foreach (var cacher in cachers)
        {
            var others = _byPrefix.GetValueOrDefault(cacher.Prefix, None);
            _byPrefix = _byPrefix.SetItem(cacher.Prefix, [.. others, cacher]);
        }
    }

    public void Remove(Cacher cacher)
    {
        Cacher[] others = [.. _byPrefix.GetValueOrDefault(cacher.Prefix, None).Where(other => other != cacher)];
        _byPrefix = others.Length == 0 ? _byPrefix.Remove(cacher.Prefix) : _byPrefix.SetItem(cacher.Prefix, others);
    }

    /// <summary>
    /// The cachers that a key belongs to. A prefix has two parts (<c>/registry/pods/</c>) or three (<c>/registry/services/specs/</c>, and those of groups).
    /// </summary>
    public Cacher[] Find(string key)
    {
        var second = End(key, End(key, 0));
        if (second < 0)
        {
            return None;
        }

        var third = End(key, second);
        return third > 0 && _byPrefix.TryGetValue(key[..(third + 1)], out var cachers)
            ? cachers
            : _byPrefix.GetValueOrDefault(key[..(second + 1)], None);
    }

    private static int End(string key, int from) => from < 0 ? -1 : key.IndexOf('/', from + 1);
}
