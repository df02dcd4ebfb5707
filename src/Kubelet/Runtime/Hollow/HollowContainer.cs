namespace MiniKube.Kubelet.Runtime.Hollow;

/// <summary>A container that is only remembered.</summary>
internal sealed class HollowContainer(RuntimeContainer state, ContainerConfig config)
{
    public RuntimeContainer State { get; set; } = state;

    public ContainerConfig Config { get; } = config;

    /// <summary>Ends it by itself, if its command has an end.</summary>
    public ITimer? End { get; set; }
}
