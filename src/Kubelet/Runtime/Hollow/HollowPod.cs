namespace MiniKube.Kubelet.Runtime.Hollow;

/// <summary>A pod that is only remembered.</summary>
internal sealed class HollowPod(string @namespace, string name)
{
    public string Namespace { get; } = @namespace;

    public string Name { get; } = name;

    public List<RuntimeSandbox> Sandboxes { get; } = [];

    public List<HollowContainer> Containers { get; } = [];

    public RuntimePod Snapshot(string uid) => new(
        uid,
        Namespace,
        Name,
        [.. Sandboxes.OrderByDescending(sandbox => sandbox.Attempt)],
        [.. Containers.Select(container => container.State).OrderByDescending(state => state.Attempt)]);
}
