namespace MiniKube.Scheduler.Framework;

/// <summary>Why one node does not take the pod, and which plugin said so.</summary>
internal sealed record NodeRejection(NodeInfo Node, PluginStatus Status, string Plugin);
