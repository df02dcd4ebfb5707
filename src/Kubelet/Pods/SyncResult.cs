namespace MiniKube.Kubelet.Pods;

/// <summary>Finished: no container will ever run again. RequeueAfter: look again then, even if nothing happens.</summary>
internal readonly record struct SyncResult(bool Finished = false, TimeSpan? RequeueAfter = null);
