namespace MiniKube.Kubelet.Runtime;

/// <summary>A path of the node that a container sees. Propagation is Docker's: rprivate, rslave or rshared.</summary>
internal sealed record MountSpec(string HostPath, string ContainerPath, bool ReadOnly, string Propagation = "rprivate");
