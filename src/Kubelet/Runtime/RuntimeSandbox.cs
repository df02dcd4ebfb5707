namespace MiniKube.Kubelet.Runtime;

/// <summary>A pod's namespaces. Ip is empty when it uses the node's network. Attempt counts how often it was made anew.</summary>
internal sealed record RuntimeSandbox(string Id, int Attempt, bool Ready, string Ip, DateTimeOffset CreatedAt);
