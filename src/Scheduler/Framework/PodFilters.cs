namespace MiniKube.Scheduler.Framework;

/// <summary>All filters that have something to say about one pod, in order. Immutable.</summary>
internal sealed class PodFilters
{
    private readonly (string Plugin, IPodFilter Filter)[] _filters;

    private PodFilters((string Plugin, IPodFilter Filter)[] filters) => _filters = filters;

    public static PodFilters For(PodInfo pod, Snapshot snapshot, IEnumerable<IFilterPlugin> plugins) =>
        new([.. from plugin in plugins
                let filter = plugin.PreFilter(pod, snapshot)
                where filter is not null
                select (plugin.Name, filter)]);

    /// <summary>The plugins that limit the pod to named nodes.</summary>
    public IReadOnlyList<string> LimitingPlugins => [.. from filter in _filters where filter.Filter.NodeNames is not null select filter.Plugin];

    /// <summary>The nodes that can pass at all, by name; null when all may.</summary>
    public IReadOnlySet<string>? NodeNames
    {
        get
        {
            HashSet<string>? names = null;
            foreach (var (_, filter) in _filters)
            {
                if (filter.NodeNames is { } limit)
                {
                    names ??= [.. limit];
                    names.IntersectWith(limit);
                }
            }

            return names;
        }
    }

    /// <summary>The first refusal; null when the node takes the pod.</summary>
    public NodeRejection? Filter(NodeInfo node)
    {
        foreach (var (plugin, filter) in _filters)
        {
            var status = filter.Filter(node);
            if (!status.IsSuccess)
            {
                return new NodeRejection(node, status, plugin);
            }
        }

        return null;
    }

    /// <summary>The first refusal if the node were as <paramref name="after"/>.</summary>
    public NodeRejection? FilterAsIf(NodeInfo before, NodeInfo after) =>
        new PodFilters([.. _filters.Select(filter => (filter.Plugin, filter.Filter.With(before, after)))]).Filter(after);
}
