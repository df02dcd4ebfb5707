namespace MiniKube.Kubelet.Runtime;

/// <summary>What the runtime has of one pod. Sandboxes and containers are sorted by attempt, newest first.</summary>
internal sealed record RuntimePod(
    string Uid,
    string Namespace,
    string Name,
    IReadOnlyList<RuntimeSandbox> Sandboxes,
    IReadOnlyList<RuntimeContainer> Containers)
{
    public static RuntimePod Empty(string uid) => new(uid, "", "", [], []);

    public RuntimeSandbox? Sandbox => Sandboxes.Count > 0 ? Sandboxes[0] : null;

    /// <summary>The newest container of that name.</summary>
    public RuntimeContainer? Container(string? name) => Containers.FirstOrDefault(container => container.Name == name);

    /// <summary>The one before the newest: what <c>kubectl logs --previous</c> and <c>lastState</c> show.</summary>
    public RuntimeContainer? Previous(string? name) => Containers.Where(container => container.Name == name).Skip(1).FirstOrDefault();
}
