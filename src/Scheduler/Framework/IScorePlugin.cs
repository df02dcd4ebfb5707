namespace MiniKube.Scheduler.Framework;

/// <summary>A plugin that prefers some of the nodes that fit.</summary>
internal interface IScorePlugin : IPlugin
{
    /// <summary>How much its scores (0 to 100) count in the sum.</summary>
    int Weight { get; }

    /// <summary>Works out once what the pod prefers among the nodes that fit; null when all are alike to this plugin.</summary>
    IPodScorer? PreScore(PodInfo pod, IReadOnlyList<NodeInfo> nodes, Snapshot snapshot);
}
