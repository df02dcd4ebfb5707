namespace MiniKube.Cluster.Hosts;

/// <summary>A file of a host, by its path as the host sees it. A secret is readable by its owner only.</summary>
public sealed record HostFile(string Path, string Content, bool Secret = false);
