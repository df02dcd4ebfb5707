using MiniKube.Api.Selectors;

namespace MiniKube.ApiServer.WatchCache;

/// <summary>Which objects of a resource a list or watch wants: one namespace or all, labels, fields. The same test for a list and for every change.</summary>
internal sealed class ObjectFilter
{
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;

    /// <param name="namespaceScoped">Whether the resource has namespaces.</param>
    /// <param name="namespace">The namespace of the path; empty is all, and always so for cluster-scoped resources.</param>
    /// <param name="labels">Which labels.</param>
    /// <param name="fields">Which fields; the caller has checked that the resource has them.</param>
    /// <param name="indexedField">The field that the cache keeps an index of.</param>
    public ObjectFilter(bool namespaceScoped, string @namespace, LabelSelector labels, FieldSelector fields, string? indexedField)
    {
        _labels = labels;
        _fields = fields;
        Namespace = @namespace.Length > 0 || !namespaceScoped ? @namespace : fields.RequiredValue("metadata.namespace") ?? "";
        Key = fields.RequiredValue("metadata.name") is { Length: > 0 } name && (Namespace.Length > 0 || !namespaceScoped)
            ? namespaceScoped ? $"{Namespace}/{name}" : name
            : null;
        IndexedValue = indexedField is null ? null : fields.RequiredValue(indexedField);
    }

    public string Namespace { get; }

    /// <summary>Where the keys begin that can match.</summary>
    public string KeyPrefix => Namespace.Length == 0 ? "" : Namespace + "/";

    /// <summary>The only key that can match; null when there may be several.</summary>
    public string? Key { get; }

    /// <summary>The value of the indexed field that all matches have; null when it is not fixed.</summary>
    public string? IndexedValue { get; }

    /// <summary>Whether nothing but the namespace chooses: then what was not visited can be counted.</summary>
    public bool HasSelectors => !_labels.MatchesEverything || !_fields.MatchesEverything;

    public bool Matches(CachedObject obj) =>
        (Namespace.Length == 0 || obj.IsIn(Namespace))
        && (_labels.MatchesEverything || _labels.Matches(obj.Labels))
        && MatchesFields(obj);

    /// <summary>Whether an object of that key may match, of which nothing else is known.</summary>
    public bool MayMatch(string key) => Key is null ? key.StartsWith(KeyPrefix, StringComparison.Ordinal) : key == Key;

    private bool MatchesFields(CachedObject obj)
    {
        foreach (var requirement in _fields.Requirements)
        {
            var value = requirement.Field switch
            {
                "metadata.name" => obj.Name,
                "metadata.namespace" => obj.Namespace,
                var field => obj.Field(field),
            };
            if (!requirement.Matches(value))
            {
                return false;
            }
        }

        return true;
    }
}
