namespace MiniKube.Cluster.Demo;

/// <summary>A change of one object, as a watch tells it.</summary>
internal sealed record ObjectChange(string Type, string Name, long Version, string Value);
