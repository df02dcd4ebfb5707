using MiniKube.Api.Meta;

namespace MiniKube.Client.Controllers;

/// <summary>Level-triggered: told which object to look at, never what happened to it.</summary>
public interface IReconciler
{
    Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken);
}
