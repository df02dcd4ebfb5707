namespace MiniKube.Scheduler.Framework;

/// <summary>Why a pod fits nowhere, node by node, and the sentence that users read of it.</summary>
internal sealed record Diagnosis(int NodeCount, IReadOnlyList<NodeRejection> Rejections)
{
    /// <summary>Plugins that ruled out all nodes that are not in <see cref="Rejections"/>, without looking at them.</summary>
    public IReadOnlyList<string> LimitingPlugins { get; init; } = [];

    /// <summary>What came of preemption, such as <c>preemption: not eligible due to preemptionPolicy=Never.</c></summary>
    public string PostFilterMessage { get; init; } = "";

    /// <summary>The plugins whose hints decide when another try is worth it.</summary>
    public IReadOnlySet<string> Plugins =>
        Rejections.Select(rejection => rejection.Plugin).Concat(LimitingPlugins).ToHashSet(StringComparer.Ordinal);

    public string Message => NodeCount == 0
        ? "no nodes available to schedule pods"
        : string.Join(' ', new[] { Histogram(NodeCount, Reasons()), PostFilterMessage }.Where(part => part.Length > 0));

    /// <summary>Upstream's form: <c>0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods.</c></summary>
    public static string Histogram(int nodeCount, IEnumerable<string> reasons)
    {
        var counts = reasons.CountBy(reason => reason)
            .Select(count => $"{count.Value} {count.Key}")
            .Order(StringComparer.Ordinal)
            .ToList();
        return counts.Count == 0
            ? $"0/{nodeCount} nodes are available:"
            : $"0/{nodeCount} nodes are available: {string.Join(", ", counts)}.";
    }

    private IEnumerable<string> Reasons() => Rejections
        .SelectMany(rejection => rejection.Status.Reasons)
        .Concat(Enumerable.Repeat($"node(s) didn't satisfy plugin(s) [{string.Join(' ', LimitingPlugins)}]", NodeCount - Rejections.Count));
}
