using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>A few texts by name, in one array: labels and fields of a cached object, of which there may be many thousands. A search looks at each.</summary>
internal sealed class SmallMap : IReadOnlyDictionary<string, string>
{
    private readonly string[] _pairs;

    private SmallMap(string[] pairs) => _pairs = pairs;

    public static SmallMap Empty { get; } = new([]);

    public int Count => _pairs.Length / 2;

    public IEnumerable<string> Keys => this.Select(pair => pair.Key);

    public IEnumerable<string> Values => this.Select(pair => pair.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <param name="pairs">Names and their values in turn; of a name that is there twice the first counts.</param>
    public static SmallMap Of(List<string>? pairs) => pairs is null or [] ? Empty : new SmallMap([.. pairs]);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        for (var i = 0; i < _pairs.Length; i += 2)
        {
            if (_pairs[i] == key)
            {
                value = _pairs[i + 1];
                return true;
            }
        }

        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (var i = 0; i < _pairs.Length; i += 2)
        {
            yield return KeyValuePair.Create(_pairs[i], _pairs[i + 1]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
