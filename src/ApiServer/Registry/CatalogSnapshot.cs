using System.Collections.Frozen;
using System.Collections.Immutable;

using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Registry;

/// <summary>Every resource that is served at one moment. Immutable: documents that are made of one snapshot fit together.</summary>
internal sealed class CatalogSnapshot
{
    private readonly FrozenDictionary<GroupVersionResource, ServedResource> _builtIn;
    private readonly ImmutableDictionary<GroupVersionResource, ServedResource> _custom;
    private readonly Lazy<IReadOnlyList<ServedResource>> _all;

    public CatalogSnapshot(FrozenDictionary<GroupVersionResource, ServedResource> builtIn, ImmutableDictionary<GroupVersionResource, ServedResource> custom)
    {
        _builtIn = builtIn;
        _custom = custom;
        _all = new Lazy<IReadOnlyList<ServedResource>>(() =>
        [
            .. builtIn.Values,
            .. custom.Values.OrderBy(resource => resource.Name.Group, StringComparer.Ordinal).ThenBy(resource => resource.Name.Resource, StringComparer.Ordinal),
        ]);
    }

    public IReadOnlyList<ServedResource> All => _all.Value;

    public ServedResource? Find(GroupVersionResource resource) => _builtIn.GetValueOrDefault(resource) ?? _custom.GetValueOrDefault(resource);

    /// <summary>Without some custom resources and with others. One that is named as a built-in resource is left out: that one is served.</summary>
    public CatalogSnapshot With(IEnumerable<ServedResource> removed, IEnumerable<ServedResource> added) => new(
        _builtIn,
        _custom.RemoveRange(removed.Select(resource => resource.Name))
            .SetItems(added.Where(resource => !_builtIn.ContainsKey(resource.Name)).Select(resource => KeyValuePair.Create(resource.Name, resource))));
}
