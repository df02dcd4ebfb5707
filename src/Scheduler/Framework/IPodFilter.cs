namespace MiniKube.Scheduler.Framework;

/// <summary>A filter made for one pod and one cycle. Called for many nodes at once: it must not change.</summary>
internal interface IPodFilter
{
    /// <summary>The only nodes that can pass, by name; null when all may.</summary>
    IReadOnlySet<string>? NodeNames => null;

    PluginStatus Filter(NodeInfo node);

    /// <summary>The same filter as if one node had changed so: preemption asks what would be if pods were gone.</summary>
    IPodFilter With(NodeInfo before, NodeInfo after) => this;
}
