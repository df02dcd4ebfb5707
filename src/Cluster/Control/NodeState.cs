namespace MiniKube.Cluster.Control;

/// <summary>A node as the API server knows it.</summary>
internal sealed record NodeState(string Name, bool Ready, DateTimeOffset Created);
