namespace MiniKube.Cluster.Demo;

/// <summary>What an informer was told without a break in its knowledge: from a list's version on, across as many connections as it took.</summary>
internal sealed record InformerRange(string Informer, long From, List<ObjectChange> Changes);
