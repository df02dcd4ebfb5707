namespace MiniKube.Client.Controllers;

/// <summary>What a reconciler wants next: nothing, or to be called again after a time even if nothing changes.</summary>
public readonly record struct ReconcileResult(TimeSpan? RequeueAfter = null)
{
    public static readonly ReconcileResult Done;
}
