namespace MiniKube.Kubelet.Runtime;

internal enum ContainerRunState
{
    Created,
    Running,
    Exited,
}
