namespace MiniKube.Kubelet.Pods;

/// <summary>A pod's life in its worker; it only goes forward.</summary>
internal enum PodWorkerState
{
    Syncing,
    Terminating,
    Terminated,
}
