using k8s;
using k8s.Models;

namespace MiniKube.Client.Informers;

/// <summary>A lister that also tells of every change. Informers of one process share one watch a resource (and query).</summary>
public interface IInformer<T> : ILister<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>
    /// Called in order, one change at a time, and must not block. A handler added late first hears an Added for every object there is.
    /// Disposing the answer ends the calls.
    /// </summary>
    IDisposable AddHandler(Action<ObjectChange<T>> handler);

    /// <summary>Completes when the first list has been taken over and told to every handler.</summary>
    Task WaitForSyncAsync(CancellationToken cancellationToken);
}
