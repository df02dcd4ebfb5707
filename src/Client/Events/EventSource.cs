namespace MiniKube.Client.Events;

/// <summary>Who records events: a component such as <c>kubelet</c>, and the host it runs on (empty for what runs once in a cluster).</summary>
public sealed record EventSource(string Component, string Host = "");
